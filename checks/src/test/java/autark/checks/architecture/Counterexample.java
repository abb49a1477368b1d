package autark.checks.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles the sources of forbidden classes, so that they never lie in the tree.
final class Counterexample {
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("(?:class|record|interface) (\\w+)");

    private Counterexample() {}

    /// The classes of a source text; several files are divided by a line `---`.
    static JavaClasses compile(String sources, Path outputFolder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-proc:none", "-nowarn", "-d", outputFolder.toString(), "-cp", classPath());
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<JavaFileObject> units =
                    Pattern.compile("^---$", Pattern.MULTILINE)
                            .splitAsStream(sources)
                            .map(Counterexample::unit)
                            .toList();
            boolean compiled = compiler.getTask(messages, files, null, options, null, units).call();
            if (!compiled) {
                throw new IllegalArgumentException("the counterexample is no Java: " + messages);
            }
        }
        return new ClassFileImporter().importPath(outputFolder);
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static JavaFileObject unit(String source) {
        String name = first(PACKAGE, source).replace('.', '/') + "/" + first(TYPE, source);
        return new SimpleJavaFileObject(
                URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    private static String first(Pattern pattern, String source) {
        Matcher matcher = pattern.matcher(source);
        if (!matcher.find()) {
            throw new IllegalArgumentException("found no " + pattern + " in: " + source);
        }
        return matcher.group(1);
    }
}

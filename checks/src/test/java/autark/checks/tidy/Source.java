package autark.checks.tidy;

import autark.checks.Repository;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A text of the repository.
///
/// @param path from the root, with `/` between names
record Source(String path, String text) {
    /// A Java file as the compiler reads it, before names are resolved.
    record Parsed(CompilationUnitTree unit, DocTrees trees) {
        long firstLine(Tree tree) {
            return unit.getLineMap()
                    .getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
        }

        long lastLine(Tree tree) {
            return unit.getLineMap()
                    .getLineNumber(trees.getSourcePositions().getEndPosition(unit, tree));
        }

        boolean documented(TreePath path) {
            String comment = trees.getDocComment(path);
            return comment != null && !comment.isBlank();
        }
    }

    static Source of(Path file) {
        return new Source(
                Repository.root().relativize(file).toString().replace('\\', '/'),
                Repository.read(file));
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    /// Shipped Java, in contrast to tests.
    boolean isMainJava() {
        return isJava() && path.contains("/src/main/");
    }

    boolean isDocument() {
        return path.endsWith(".md");
    }

    int lineCount() {
        return (int) text.lines().count();
    }

    Parsed parse() {
        SimpleJavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + path), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task =
                (JavacTask)
                        compiler.getTask(new StringWriter(), null, null, null, null, List.of(file));
        try {
            return new Parsed(task.parse().iterator().next(), DocTrees.instance(task));
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}

package autark.checks.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.checks.Repository;
import autark.server.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The chart for Kubernetes renders to objects that make sense, whatever of it is turned on.
class ChartTest {
    private static final Path CHART = Repository.root().resolve("deploy/helm/autark");

    /// Values that turn on all that is off.
    private static final String ALL =
            """
            ollama:
              models:
                pull:
                  - smollm2:135m
                  - "hf:Owner/repository/model_Q4.gguf"
                run: smollm2:135m
            service:
              annotations:
                a: b
            ingress:
              enabled: true
              className: nginx
              tlsSecretName: secret
              annotations:
                a: b
            persistentVolume:
              storageClass: fast
            podAnnotations:
              a: b
            extraEnv:
              - name: AUTARK_PARALLEL
                value: "32"
            nodeSelector:
              disk: fast
            tolerations:
              - key: a
                operator: Exists
            affinity:
              nodeAffinity: {}
            """;

    private final Set<String> used = new TreeSet<>();

    @Test
    void itRendersWithItsOwnValues() {
        Map<String, Object> objects = render("{}");
        assertThat(kinds(objects))
                .containsExactlyInAnyOrder("Deployment", "Service", "PersistentVolumeClaim");
        checkDeployment(objects);
        assertThat(environment(objects)).containsEntry("AUTARK_LAZY", "true");
    }

    @Test
    void itRendersWithAllThatCanBeTurnedOn() {
        Map<String, Object> objects = render(ALL);
        assertThat(kinds(objects))
                .containsExactlyInAnyOrder(
                        "Deployment", "Service", "PersistentVolumeClaim", "Ingress");
        checkDeployment(objects);
        assertThat(environment(objects))
                .containsEntry("AUTARK_MODEL", "smollm2:135m")
                .containsEntry("AUTARK_PARALLEL", "32");
        assertThat(
                        names(
                                at(objects, "deployment.yaml", "spec", "template", "spec"),
                                "initContainers"))
                .containsExactly(
                        "first-key", "pull-smollm2-135m", "pull-hf-owner-repository-model-q4-gguf");
    }

    @Test
    void eachValueIsUsed() {
        render("{}");
        render(ALL);
        render("persistentVolume:\n  enabled: false\n");
        List<String> values = new ArrayList<>();
        leaves("Values", Yaml.parse(Repository.read(CHART.resolve("values.yaml"))), values);
        assertThat(values)
                .hasSizeGreaterThan(30)
                .allMatch(value ->
                        used.stream().anyMatch(path -> (value + ".").startsWith(path + ".")));
    }

    @Test
    void aValueThatIsNotThereIsSeen() {
        ChartTemplate template = new ChartTemplate(Map.of("Values", Map.of()));
        assertThatThrownBy(() -> template.render("{{ .Values.absent }}"))
                .hasMessageContaining("found no value .Values.absent");
        assertThatThrownBy(() -> template.render("{{- if .Values }}"))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> Yaml.parse("a:\n  b: 1\n c: 2\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void checkDeployment(Map<String, Object> objects) {
        Object pod = at(objects, "deployment.yaml", "spec", "template", "spec");
        Object container = ((List<?>) at(pod, "containers")).getFirst();
        assertThat(text(at(container, "startupProbe", "httpGet", "path"))).isEqualTo("/healthz");
        assertThat(text(at(container, "livenessProbe", "httpGet", "path"))).isEqualTo("/healthz");
        assertThat(text(at(container, "readinessProbe", "httpGet", "path"))).isEqualTo("/readyz");
        assertThat(text(at(container, "securityContext", "readOnlyRootFilesystem")))
                .isEqualTo("true");
        assertThat(text(at(container, "image"))).matches("autark:\\d+\\.\\d+\\.\\d+");
        assertThat(names(container, "volumeMounts")).isEqualTo(names(pod, "volumes").reversed());
        assertThat(text(at(pod, "securityContext", "runAsNonRoot"))).isEqualTo("true");
        assertThat(at(objects, "deployment.yaml", "spec", "selector", "matchLabels"))
                .isEqualTo(at(objects, "service.yaml", "spec", "selector"));
        Configuration.of(Map.of(), environment(objects), Optional.empty());
    }

    private static Map<String, String> environment(Map<String, Object> objects) {
        Object pod = at(objects, "deployment.yaml", "spec", "template", "spec");
        Object container = ((List<?>) at(pod, "containers")).getFirst();
        Map<String, String> environment = new HashMap<>();
        for (Object variable : (List<?>) at(container, "env")) {
            environment.put(text(at(variable, "name")), text(at(variable, "value")));
        }
        return environment;
    }

    /// The objects by the names of their templates.
    private Map<String, Object> render(String overrides) {
        Object values = Yaml.parse(Repository.read(CHART.resolve("values.yaml")));
        Object chart = Yaml.parse(Repository.read(CHART.resolve("Chart.yaml")));
        Object over = overrides.equals("{}") ? Map.of() : Yaml.parse(overrides);
        Map<String, Object> root =
                Map.of(
                        "Values", merged(values, over),
                        "Release", Map.of("Name", "test", "Namespace", "ai"),
                        "Chart",
                                Map.of(
                                        "Name", at(chart, "name"),
                                        "AppVersion", at(chart, "appVersion")));
        ChartTemplate template = new ChartTemplate(root);
        Map<String, Object> objects = new HashMap<>();
        for (Path file : Repository.files(CHART.resolve("templates"), ".yaml")) {
            String text = template.render(Repository.read(file));
            if (!text.isBlank()) {
                objects.put(file.getFileName().toString(), Yaml.parse(text));
            }
        }
        used.addAll(template.used());
        return objects;
    }

    private static Object merged(Object below, Object above) {
        if (!(below instanceof Map<?, ?> one) || !(above instanceof Map<?, ?> two)) {
            return above;
        }
        Map<String, Object> merged = new HashMap<>();
        one.forEach((name, value) -> merged.put((String) name, value));
        two.forEach((name, value) ->
                merged.merge((String) name, value, (old, fresh) -> merged(old, fresh)));
        return merged;
    }

    private static void leaves(String path, Object value, List<String> into) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((name, inner) -> leaves(path + "." + name, inner, into));
        } else {
            into.add(path);
        }
    }

    private static List<String> kinds(Map<String, Object> objects) {
        return objects.values().stream().map(object -> text(at(object, "kind"))).toList();
    }

    private static List<String> names(Object object, String list) {
        return ((List<?>) at(object, list))
                .stream().map(element -> text(at(element, "name"))).toList();
    }

    private static Object at(Object object, String... path) {
        Object value = object;
        for (String name : path) {
            Object inner = ((Map<?, ?>) value).get(name);
            if (inner == null) {
                throw new AssertionError("found no " + name + " in " + value);
            }
            value = inner;
        }
        return value;
    }

    private static String text(Object scalar) {
        return ((Yaml.Scalar) scalar).text();
    }
}

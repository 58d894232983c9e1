package dev.trimtab.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files for Prometheus, Alertmanager and Grafana, as they are shipped. */
public final class Shipped {

    public static final Path ROOT = Path.of("..");
    public static final Path RULES = ROOT.resolve("manifests/alerts/trimtab-rules.yaml");
    static final Path OPERATOR_RULES = ROOT.resolve("manifests/alerts/prometheusrule.yaml");
    public static final Path ALERTMANAGER = ROOT.resolve("manifests/alerts/alertmanager-example.yaml");
    static final Path DASHBOARD = ROOT.resolve("manifests/grafana/trimtab-dashboard.json");
    static final Path DASHBOARD_CONFIG_MAP = ROOT.resolve("manifests/grafana/dashboard-configmap.yaml");

    private Shipped() {}

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A rule file of any form as a tree. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> yaml(String text) {
        return (Map<String, Object>) new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    }

    /** All rules of a plain rule file, in order. */
    static List<Map<String, Object>> rules(String text) {
        return list(yaml(text), "groups").stream()
                .flatMap(group -> list(group, "rules").stream())
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> tree, String field) {
        return (List<Map<String, Object>>) Objects.requireNonNull(tree.get(field), field);
    }

    static List<Map<String, Object>> alerts() {
        return rules(read(RULES)).stream()
                .filter(rule -> rule.containsKey("alert"))
                .toList();
    }

    /** The rules without what people read. */
    static String bare(String rules) {
        StringBuilder bare = new StringBuilder();
        boolean texts = false;
        for (String line : rules.lines().toList()) {
            texts = line.equals("        annotations:") || (texts && line.startsWith("          "));
            if (!texts) {
                bare.append(line).append('\n');
            }
        }
        return bare.toString();
    }

    /** The operator's resource of the same groups. */
    static String operatorRules(String rules) {
        return """
                # Made of trimtab-rules.yaml; AlertRulesTest holds the two together.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: trimtab
                  labels:
                    app.kubernetes.io/name: trimtab
                spec:
                """ + indented(rules.substring(rules.indexOf("groups:")), 2);
    }

    static String indented(String text, int by) {
        return text.lines()
                .map(line -> line.isEmpty() ? line : " ".repeat(by) + line)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}

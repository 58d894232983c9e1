package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Inventory;
import dev.trimtab.nodes.NodeChange;
import dev.trimtab.nodes.NodeOutcome;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.NodeResult;
import dev.trimtab.nodes.Observation;
import dev.trimtab.nodes.OutsideView;
import dev.trimtab.nodes.Severity;
import dev.trimtab.plan.FieldChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Nodes for a terminal: what a plan does to them, what became of it, how each stands, and what is only told. */
public final class NodeText {

    private static final String INDENT = "      ";

    private final Style style;

    public NodeText(Style style) {
        this.style = style;
    }

    /** A plan's part that is about nodes, ending with a line break; it follows what is said of objects. */
    public String plan(NodePlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(
                plan.changes().isEmpty()
                        ? "  Nodes: no changes. " + Count.of(plan.live().size(), "node") + " in the cluster."
                        : "  Nodes: " + Count.of(plan.changes().size(), "change"));
        plan.changes().forEach(change -> change(lines, change));
        observations(lines, plan.observations());
        return String.join("\n", lines) + "\n";
    }

    /**
     * A table of all nodes, what would be changed and what is told, ending with a line break. Its column OUTSIDE tells what the API does
     * not show: what {@code verify.sh} last found on the machine.
     */
    public String table(NodePlan plan, Instant now) {
        List<String> lines = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NODE", "DECLARED", "LIVE", "KUBELET", "OUTSIDE", "CHANGES", "OBSERVATIONS"));
        SortedSet<String> names = new TreeSet<>(plan.declared().nodes().keySet());
        names.addAll(plan.live().keySet());
        names.forEach(name -> rows.add(row(plan, name, now)));
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.get(0).size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(String.format("%-" + (widths.get(column) + 3) + "s", row.get(column)));
            }
            lines.add(line.toString().stripTrailing());
        }
        plan.changes().forEach(change -> change(lines, change));
        observations(lines, plan.observations());
        return String.join("\n", lines) + "\n";
    }

    /** One line a change that was carried out or could not be. */
    public String outcome(NodeOutcome outcome) {
        return outcome.results().stream().map(result -> line(result) + "\n").collect(Collectors.joining());
    }

    private String line(NodeResult result) {
        String what = "Node " + result.node() + " " + word(result.kind());
        return result.failure()
                .map(why -> style.red("failed") + "   " + what + ": " + why + " ["
                        + result.kind().code().id() + "]")
                .orElseGet(() -> style.green("applied") + "  " + what);
    }

    private static List<String> row(NodePlan plan, String name, Instant now) {
        Optional<Inventory.Node> declared =
                Optional.ofNullable(plan.declared().nodes().get(name));
        Optional<JsonNode> live = Optional.ofNullable(plan.live().get(name));
        String changes = plan.changes().stream()
                .filter(change -> change.node().equals(name))
                .map(change -> word(change.kind()))
                .collect(Collectors.joining(","));
        return List.of(
                name,
                declared.map(node -> node.state().written() + (node.schedulable() ? "" : ",unschedulable"))
                        .orElse("-"),
                live.map(NodeText::state).orElse("-"),
                live.map(node -> node.at("/status/nodeInfo/kubeletVersion").asText("-"))
                        .orElse("-"),
                Optional.ofNullable(plan.live().get(name))
                        .map(node -> OutsideView.words(OutsideView.of(node), now))
                        .orElse("-"),
                changes.isEmpty() ? "-" : changes,
                counts(plan, name));
    }

    private static String state(JsonNode node) {
        String ready = "not ready";
        for (JsonNode condition : node.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals("Ready")
                    && condition.path("status").asText("").equals("True")) {
                ready = "ready";
            }
        }
        return ready + (node.path("spec").path("unschedulable").asBoolean(false) ? ",cordoned" : "");
    }

    private static String counts(NodePlan plan, String name) {
        List<String> parts = new ArrayList<>();
        for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
            long count = plan.observations().stream()
                    .filter(observation -> observation.node().equals(Optional.of(name)))
                    .filter(observation -> observation.severity() == severity)
                    .count();
            if (count > 0) {
                parts.add(count + " " + severity.name().toLowerCase(Locale.ROOT));
            }
        }
        return parts.isEmpty() ? "-" : String.join(", ", parts);
    }

    private void change(List<String> lines, NodeChange change) {
        lines.add("");
        boolean moves = change.kind() == NodeChange.Kind.DRAIN;
        String what = String.format("  %-9s", word(change.kind()));
        lines.add((moves ? style.yellow(what) : style.blue(what)) + " " + style.bold("Node " + change.node())
                + (moves ? "   " + Count.of(change.pods(), "pod") + " evicted" : ""));
        for (FieldChange field : change.fields()) {
            lines.add(INDENT
                    + FieldText.of(field)
                    + field.liveManager()
                            .filter(manager -> field.before().isPresent())
                            .map(manager -> "   (set by " + manager + ")")
                            .orElse(""));
        }
        change.notes().forEach(note -> lines.add(PlanText.labelled("note", note)));
        lines.add(PlanText.labelled(
                "why",
                change.kind().code().meaning() + " [" + change.kind().code().id() + "]"));
    }

    private void observations(List<String> lines, List<Observation> observations) {
        for (Observation observation : observations) {
            lines.add("");
            String word = String.format("  %-9s", observation.severity().name().toLowerCase(Locale.ROOT));
            lines.add(paint(observation.severity(), word) + " "
                    + style.bold(observation.node().map(name -> "Node " + name).orElse("cluster")) + "   "
                    + observation.code().reason() + " [" + observation.code().id() + "]");
            lines.add(PlanText.labelled("is", observation.text()));
            lines.add(PlanText.labelled("way out", observation.wayOut()));
        }
    }

    private String paint(Severity severity, String text) {
        return switch (severity) {
            case CRITICAL -> style.red(text);
            case WARNING -> style.yellow(text);
            case INFO -> style.dim(text);
        };
    }

    static String word(NodeChange.Kind kind) {
        return switch (kind) {
            case METADATA -> "metadata";
            case TAINTS -> "taints";
            case CORDON -> "cordon";
            case UNCORDON -> "uncordon";
            case DRAIN -> "drain";
        };
    }
}

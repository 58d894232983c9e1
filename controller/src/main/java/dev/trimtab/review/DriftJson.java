package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Concession;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.drift.Drifted;
import dev.trimtab.drift.Severity;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.source.Revision;
import java.util.List;
import java.util.Locale;

/**
 * What drifted as one JSON document, {@code "format": "trimtab.drift/v1"}. Members are only ever added. Readers ignore members that they
 * do not know. Values of Secrets are never in it. {@code docs/drift.md} tells what each member says.
 */
public final class DriftJson {

    public static final String FORMAT = "trimtab.drift/v1";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String toolVersion;
    private final boolean suggests;

    /** @param suggests whether rules are added by which what drifted could be left to others */
    public DriftJson(String toolVersion, boolean suggests) {
        this.toolVersion = toolVersion;
        this.suggests = suggests;
    }

    /** The document. */
    public ObjectNode render(List<DriftView> views) {
        ObjectNode document = JSON.objectNode().put("format", FORMAT);
        document.putObject("tool").put("version", toolVersion);
        boolean complete = views.stream().allMatch(DriftView::complete);
        boolean drifted = views.stream().anyMatch(DriftView::drifted);
        document.put("result", !complete ? "error" : drifted ? "drift" : "no-drift");
        document.put("complete", complete);
        ArrayNode syncs = document.putArray("syncs");
        views.forEach(view -> syncs.add(sync(view)));
        return document;
    }

    private ObjectNode sync(DriftView view) {
        ObjectNode node = JSON.objectNode().put("sync", view.sync()).put("complete", view.complete());
        view.failure().ifPresent(why -> node.put("failure", why));
        view.report().ifPresent(report -> report(node, report));
        return node;
    }

    private void report(ObjectNode node, DriftReport report) {
        node.putObject("cluster")
                .put("name", report.cluster().name())
                .put("uid", report.cluster().uid())
                .put("kubernetes", report.cluster().version());
        ObjectNode source = node.putObject("source").put("repository", report.repository());
        report.applied().ifPresent(applied -> source.set("applied", commit(applied)));
        source.set("head", commit(report.head()));
        node.put("readAt", report.readAt().toString());
        ObjectNode summary = node.putObject("summary");
        for (Severity severity : Severity.values()) {
            summary.put(severity.label(), report.count(severity));
        }
        summary.put("leftOut", report.leftOut())
                .put("compared", report.compared())
                .put("asApplied", report.asApplied())
                .put("pending", report.pending().size())
                .put("shared", report.shared().size());
        ArrayNode drift = node.putArray("drift");
        report.drifted().forEach(one -> drift.add(drifted(one)));
        ArrayNode pending = node.putArray("pending");
        report.pending().forEach(key -> pending.add(object(key)));
        ArrayNode shared = node.putArray("shared");
        report.shared().forEach(key -> shared.add(object(key)));
        ArrayNode problems = node.putArray("problems");
        for (Plan.ObjectProblem problem : report.problems()) {
            ObjectNode one =
                    problems.addObject().put("code", problem.code().id()).put("message", problem.text());
            one.set("object", object(problem.object()));
            problem.origin().ifPresent(at -> one.set("file", PlanJson.file(at)));
        }
    }

    private ObjectNode drifted(Drifted one) {
        Drift drift = one.drift();
        ObjectNode node = JSON.objectNode();
        node.set("object", object(drift.object()));
        node.put("type", drift.type().label()).put("severity", one.severity().label());
        drift.changedAt().ifPresent(at -> node.put("since", at.toString()));
        one.writer()
                .ifPresent(writer -> node.putObject("by")
                        .put("manager", writer.manager())
                        .put("operation", writer.operation())
                        .put("subresource", writer.subresource()));
        ArrayNode fields = node.putArray("fields");
        drift.fields().forEach(field -> fields.add(field(field)));
        one.origin().ifPresent(at -> node.set("file", PlanJson.file(at)));
        node.put("gitMoved", one.moved());
        node.putObject("healing")
                .put("pods", one.pods().effect().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("count", one.pods().count());
        if (suggests) {
            Concession concession = Concession.of(one);
            concession.rule().ifPresent(rule -> node.set("ignore", rule(rule)));
            ArrayNode advice = node.putArray("advice");
            concession.advice().forEach(advice::add);
        }
        return node;
    }

    private static ObjectNode field(FieldChange field) {
        ObjectNode node = JSON.objectNode().put("path", field.path());
        field.pointer().map(FieldPointer::toString).ifPresent(pointer -> node.put("pointer", pointer));
        if (field.masked()) {
            node.put("masked", true);
        } else {
            field.after().ifPresent(value -> node.set("git", value));
            field.before().ifPresent(value -> node.set("live", value));
        }
        field.liveManager().ifPresent(manager -> node.put("manager", manager));
        return node;
    }

    private static ObjectNode object(ObjectKey key) {
        ObjectNode node = JSON.objectNode().put("group", key.group()).put("kind", key.kind());
        key.namespace().ifPresent(namespace -> node.put("namespace", namespace));
        return node.put("name", key.name());
    }

    /** As a ClusterSync writes it. */
    static ObjectNode rule(IgnoreRules.Rule rule) {
        ObjectNode node = JSON.objectNode().put("kind", rule.kind());
        rule.namespace().ifPresent(namespace -> node.put("namespace", namespace));
        rule.name().ifPresent(name -> node.put("name", name));
        ArrayNode paths = node.putArray("paths");
        rule.paths().forEach(path -> paths.add(path.toString()));
        return node;
    }

    private static ObjectNode commit(Revision revision) {
        return JSON.objectNode().put("ref", revision.ref()).put("sha", revision.commit());
    }
}

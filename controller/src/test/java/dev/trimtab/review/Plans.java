package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.codes.Code;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.FieldChange.Origin;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.Plan.ClusterId;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.plan.Reason;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Plans to be shown. */
final class Plans {

    static final Instant READ_AT = Instant.parse("2026-10-03T14:09:12Z");

    private static final Position AT = new Position(new RepoPath("workloads/cart.yaml"), 3, 1);

    static final Change IN_PLACE = change(
            "cart",
            Action.IN_PLACE,
            field(
                    "spec.template.spec.containers[cart].image",
                    "registry.local/shop/cart:1.8.2",
                    "registry.local/shop/cart:1.8.3"),
            new Reason(
                    code("POD110"),
                    "only containers[*].image changes and the CloneSet updates InPlaceIfPossible",
                    List.of("containers[cart].image"),
                    Optional.empty()),
            new PodImpact(Effect.RESTART_IN_PLACE, 3, List.of("cart"), List.of(), 3, 1));

    static final Change RECREATE = change(
            "search",
            Action.RECREATE,
            field("spec.template.spec.containers[search].env[CACHE_TTL]", "30", "60"),
            new Reason(
                    code("POD210"),
                    "env is not a field that can change in a running pod",
                    List.of("containers[search].env[CACHE_TTL]"),
                    Optional.of("read the value from an annotation with fieldRef; then only the container restarts")),
            new PodImpact(Effect.RECREATE, 6, List.of(), List.of(), 6, 1));

    static final Change LONG = change(
            "a-name-that-goes-on-and-on",
            Action.APPLY,
            field("spec.template.spec.containers[search].args", "x".repeat(300), "y".repeat(300)),
            new Reason(code("CHG001"), "words ".repeat(60).strip(), List.of(), Optional.empty()),
            PodImpact.NONE);

    static final Change SECRET = change(
            "credentials",
            Action.APPLY,
            new FieldChange("data[password]", Optional.empty(), Optional.empty(), true, Origin.GIT, Optional.empty()),
            new Reason(code("CHG001"), "fields differ", List.of(), Optional.empty()),
            PodImpact.NONE);

    private Plans() {}

    static Plan of(Change... changes) {
        return plan(List.of(changes), List.of());
    }

    static Plan incomplete() {
        return plan(
                List.of(),
                List.of(new Plan.ObjectProblem(
                        new ObjectKey("apps.kruise.io", "CloneSet", Optional.of("shop"), "cart"),
                        Optional.of(AT),
                        code("PLN001"),
                        "the server refused it")));
    }

    private static Plan plan(List<Change> changes, List<Plan.ObjectProblem> problems) {
        TreeMap<ObjectKey, com.fasterxml.jackson.databind.node.ObjectNode> unchanged = new TreeMap<>();
        unchanged.put(new ObjectKey("", "Service", Optional.of("shop"), "cart"), JsonNodeFactory.instance.objectNode());
        return new Plan(
                "sha256:" + "0".repeat(64),
                new ClusterId("prod", "uid-1", "v1.36.2"),
                "https://git.example.com/cluster.git",
                Optional.of(revision('a')),
                revision('b'),
                READ_AT,
                changes,
                unchanged,
                0,
                new TreeMap<>(),
                List.of(),
                problems);
    }

    private static Revision revision(char digit) {
        return new Revision(
                String.valueOf(digit).repeat(40), "main", READ_AT, "A Person", "a subject", Optional.empty());
    }

    private static Change change(String name, Action action, FieldChange field, Reason reason, PodImpact pods) {
        return new Change(
                new ObjectKey("apps.kruise.io", "CloneSet", Optional.of("shop"), name),
                "apps.kruise.io/v1alpha1",
                Optional.of(AT),
                Optional.of("uid"),
                action,
                Operation.PATCH,
                List.of(field),
                reason,
                pods);
    }

    private static FieldChange field(String path, String before, String after) {
        return new FieldChange(
                path,
                Optional.of(new TextNode(before)),
                Optional.of(new TextNode(after)),
                false,
                Origin.GIT,
                Optional.empty());
    }

    private static Code code(String id) {
        return new Code() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String meaning() {
                return "for tests";
            }
        };
    }
}

package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Turns manifests as they were written, and add-ons, into the objects that a cluster is asked for. Pure: no cluster is needed. */
public final class Renderer {

    private static final String DEFAULT_NAMESPACE = "default";

    /**
     * The same definition, with the problems that show only when namespaces are filled in: one object written twice, an unknown
     * dependency. A definition that passes can be rendered.
     */
    public Definition check(Definition definition) {
        if (definition.refused()) {
            return definition;
        }
        List<Problem> problems = new ArrayList<>(definition.problems());
        problems.addAll(prepare(definition, "").problems());
        return definition.withProblems(problems);
    }

    /**
     * Every object of the definition with its namespace, the sync's label, a digest and what it depends on.
     *
     * @param syncName value of the label {@link dev.trimtab.kube.Ownership#SYNC_LABEL}
     * @throws RenderException when {@link #check} would have found a problem
     */
    public Desired render(Definition definition, String syncName) {
        Prepared prepared = prepare(definition, syncName);
        if (!prepared.problems().isEmpty()) {
            throw new RenderException(prepared.problems());
        }
        TreeMap<ObjectKey, DesiredObject> desired = new TreeMap<>();
        Map<ObjectKey, ObjectKey> scalers = ScaleTargets.of(
                prepared.drafts().values().stream().map(Draft::json).toList());
        prepared.drafts()
                .forEach((key, draft) -> desired.put(
                        key, draft.finish(key, prepared.dependencies(), Optional.ofNullable(scalers.get(key)))));
        return new Desired(definition.revision(), desired);
    }

    private static Prepared prepare(Definition definition, String syncName) {
        List<Manifest> manifests = new ArrayList<>(definition.manifests());
        manifests.addAll(AddonManifests.of(definition));
        Scopes scopes = new Scopes(manifests);
        WorkloadSets sets = new WorkloadSets(definition);
        List<Problem> problems = new ArrayList<>(sets.problems());
        Map<ObjectKey, Draft> drafts = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            ObjectKey key = resolve(manifest, scopes, sets);
            Optional<Problem> problem = problemOf(manifest, key, Optional.ofNullable(drafts.get(key)));
            if (problem.isPresent()) {
                problems.add(problem.get());
            } else {
                problems.addAll(SchemalessTemplates.problems(manifest));
                ObjectNode json = Manifests.prepare(manifest.json(), key.namespace(), syncName);
                SchemalessTemplates.canonicalise(json);
                sets.enter(manifest, key, json);
                drafts.put(key, new Draft(manifest, json));
            }
        }
        Map<ObjectKey, ObjectNode> objects = new LinkedHashMap<>();
        drafts.forEach((key, draft) -> objects.put(key, draft.json()));
        Map<ObjectKey, Set<ObjectKey>> required = new HashMap<>();
        drafts.forEach((key, draft) -> required.put(key, sets.required(draft.written())));
        Dependencies dependencies = new Dependencies(objects, required);
        problems.addAll(order(dependencies, drafts));
        return new Prepared(drafts, dependencies, problems);
    }

    private record Prepared(Map<ObjectKey, Draft> drafts, Dependencies dependencies, List<Problem> problems) {}

    /** A manifest and what becomes of it. */
    private record Draft(Manifest written, ObjectNode json) {

        DesiredObject finish(ObjectKey key, Dependencies dependencies, Optional<ObjectKey> scaler) {
            IgnoredFields ignored =
                    scaler.isPresent() ? IgnoredFields.NONE.and(ScaleTargets.REPLICAS) : IgnoredFields.NONE;
            return new DesiredObject(
                    key,
                    json.path("apiVersion").asText(),
                    json,
                    written.positions().document(),
                    DesiredObject.digest(json, ignored),
                    dependencies.of(key),
                    dependencies.awaited(key),
                    dependencies.wave(key),
                    ignored,
                    scaler);
        }
    }

    private static Optional<Problem> problemOf(Manifest manifest, ObjectKey key, Optional<Draft> first) {
        if (key.name().isEmpty()) {
            return Optional.of(problem(
                    manifest,
                    "/metadata",
                    RenderCode.NAME_MISSING,
                    key.kind() + " has no metadata.name",
                    "write metadata.name; generateName cannot be kept in Git"));
        }
        if (first.isPresent()) {
            return Optional.of(problem(
                    manifest,
                    "",
                    RenderCode.DEFINED_TWICE,
                    key + " is defined at " + first.get().written().positions().document() + " already",
                    "remove one of the two, or write different namespaces"));
        }
        if (manifest.json().path("sops").isObject()) {
            return Optional.of(problem(
                    manifest,
                    "/sops",
                    RenderCode.ENCRYPTED,
                    key + " is encrypted with SOPS; applied as it is, the cluster would get the ciphertext",
                    "keep it out of the path, and let an operator in the cluster make the Secret"));
        }
        if (Manifests.isSecret(manifest.json()) && !Manifests.hasReadableStringData(manifest.json())) {
            return Optional.of(problem(
                    manifest,
                    "/stringData",
                    RenderCode.SECRET_NOT_READABLE,
                    key + ": stringData must be a map of text to text, and data a map",
                    "put quotes around numbers and booleans"));
        }
        return Optional.empty();
    }

    private static ObjectKey resolve(Manifest manifest, Scopes scopes, WorkloadSets sets) {
        ObjectKey written = manifest.key();
        Optional<Scopes.Scope> scope = scopes.of(written.group(), written.kind());
        if (scope.isEmpty()) {
            return written;
        }
        Optional<String> namespace = scope.get() == Scopes.Scope.CLUSTER
                ? Optional.empty()
                : written.namespace().or(() -> sets.namespace(manifest)).or(() -> Optional.of(DEFAULT_NAMESPACE));
        return new ObjectKey(written.group(), written.kind(), namespace, written.name());
    }

    private static List<Problem> order(Dependencies dependencies, Map<ObjectKey, Draft> drafts) {
        List<Problem> problems = new ArrayList<>();
        List<ObjectKey> cycle = dependencies.cycle();
        drafts.forEach((key, draft) -> {
            problems.addAll(OrderProblems.of(key, draft.written(), dependencies, cycle));
            problems.addAll(AnnotationProblems.of(key, draft.written()));
        });
        return problems;
    }

    static Problem problem(Manifest manifest, String pointer, RenderCode code, String text, String fix) {
        return new Problem(code, Problem.Severity.ERROR, manifest.positions().at(pointer), text, Optional.of(fix));
    }
}

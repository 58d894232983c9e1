package dev.trimtab.render;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.definition.Suggestion;
import dev.trimtab.definition.Types;
import dev.trimtab.kube.ObjectKey;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Templates inside custom resources whose definition gives them no schema: OpenKruise's CustomResourceDefinitions preserve unknown
 * fields there. The API server takes any typing error, keeps quantities as they are spelled, and so bumps the generation when
 * {@code 1000m} becomes {@code 1}. What it does for a Deployment is done here before anything is sent.
 */
final class SchemalessTemplates {

    private static final String KRUISE = "apps.kruise.io";

    private record Place(String pointer, JavaType type) {}

    private static final Place POD = pod("/spec/template");
    private static final Place CLAIMS =
            new Place("/spec/volumeClaimTemplates", ModelFields.listOf(PersistentVolumeClaim.class));

    private static final Map<String, List<Place>> PLACES = Map.of(
            "CloneSet", List.of(POD, CLAIMS),
            "StatefulSet", List.of(POD, CLAIMS),
            "DaemonSet", List.of(POD),
            "BroadcastJob", List.of(POD),
            "AdvancedCronJob",
                    List.of(
                            pod("/spec/template/jobTemplate/spec/template"),
                            pod("/spec/template/broadcastJobTemplate/spec/template")),
            "UnitedDeployment",
                    List.of(
                            pod("/spec/template/cloneSetTemplate/spec/template"),
                            pod("/spec/template/advancedStatefulSetTemplate/spec/template"),
                            pod("/spec/template/statefulSetTemplate/spec/template"),
                            pod("/spec/template/deploymentTemplate/spec/template")));

    private SchemalessTemplates() {}

    private static Place pod(String pointer) {
        return new Place(pointer, ModelFields.type(PodTemplateSpec.class));
    }

    static List<Problem> problems(Manifest manifest) {
        List<Problem> problems = new ArrayList<>();
        for (Place place : places(manifest.key())) {
            ModelFields.faults(manifest.json().at(place.pointer()), place.type(), place.pointer())
                    .forEach(fault -> problems.add(problem(manifest, fault)));
        }
        return problems;
    }

    /** @param json whose quantities are rewritten in place */
    static void canonicalise(ObjectNode json) {
        places(ObjectKey.of(json)).forEach(place -> ModelFields.canonicalise(json.at(place.pointer()), place.type()));
    }

    private static List<Place> places(ObjectKey key) {
        return key.group().equals(KRUISE) ? PLACES.getOrDefault(key.kind(), List.of()) : List.of();
    }

    private static Problem problem(Manifest manifest, ModelFields.Fault fault) {
        boolean unknown = fault.code() == RenderCode.TEMPLATE_FIELD;
        String field = fault.pointer().substring(fault.pointer().lastIndexOf('/') + 1);
        Optional<String> meant = Suggestion.closest(field, fault.known());
        return new Problem(
                fault.code(),
                Severity.ERROR,
                unknown
                        ? manifest.positions().keyAt(fault.pointer())
                        : manifest.positions().at(fault.pointer()),
                manifest.key().kind() + " " + manifest.key().name() + ": " + Types.path(fault.pointer()) + " "
                        + fault.what()
                        + meant.map(word -> "; did you mean \"" + word + "\"?").orElse(""),
                Optional.of(
                        switch (fault.code()) {
                            case TEMPLATE_FIELD ->
                                meant.map(word -> "write " + word)
                                        .orElse("remove it; known here are " + String.join(", ", fault.known()));
                            case TEMPLATE_QUANTITY -> "write a number, or one with a suffix, such as 500m or 64Mi";
                            default -> "correct it; text that looks like a number or a boolean needs quotes";
                        }));
    }
}

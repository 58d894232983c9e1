package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.Cause;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The usual mistakes in a pod's spec. */
final class PodSpecValidation {

    private static final Pattern ENVIRONMENT_NAME = Pattern.compile("[^=\\x00-\\x1f]+");
    private static final int HIGHEST_PORT = 65_535;

    private final String path;
    private final List<Cause> causes;

    /** @param path of the spec, for instance {@code spec.template.spec} */
    PodSpecValidation(String path, List<Cause> causes) {
        this.path = path;
        this.causes = causes;
    }

    void validate(JsonNode spec) {
        Set<String> volumes = volumes(spec.path("volumes"));
        if (spec.path("containers").isEmpty()) {
            causes.add(Cause.required(path + ".containers", ""));
        }
        Set<String> names = new HashSet<>();
        containers("initContainers", spec, volumes, names);
        containers("containers", spec, volumes, names);
        oneOf("restartPolicy", path + ".restartPolicy", spec.path("restartPolicy"), "Always", "OnFailure", "Never");
        oneOf(
                "dnsPolicy",
                path + ".dnsPolicy",
                spec.path("dnsPolicy"),
                "ClusterFirst",
                "ClusterFirstWithHostNet",
                "Default",
                "None");
        Metadata.labels(path + ".nodeSelector", spec.path("nodeSelector"), causes);
        JsonNode deadline = spec.path("activeDeadlineSeconds");
        if (deadline.isNumber() && deadline.asLong() < 1) {
            causes.add(Cause.invalidValue(
                    path + ".activeDeadlineSeconds", deadline.asText(), "must be between 1 and 2147483647, inclusive"));
        }
    }

    private Set<String> volumes(JsonNode volumes) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < volumes.size(); i++) {
            String field = path + ".volumes[" + i + "].name";
            String name = volumes.get(i).path("name").asText("");
            if (name.isEmpty()) {
                causes.add(Cause.required(field, ""));
            } else {
                Names.label(field, name, causes);
            }
            if (!names.add(name)) {
                causes.add(Cause.duplicate(field, name));
            }
        }
        return names;
    }

    private void containers(String list, JsonNode spec, Set<String> volumes, Set<String> names) {
        JsonNode containers = spec.path(list);
        for (int i = 0; i < containers.size(); i++) {
            container(path + "." + list + "[" + i + "]", containers.get(i), volumes, names);
        }
    }

    private void container(String at, JsonNode container, Set<String> volumes, Set<String> names) {
        String name = container.path("name").asText("");
        if (name.isEmpty()) {
            causes.add(Cause.required(at + ".name", ""));
        } else {
            Names.label(at + ".name", name, causes);
            if (!names.add(name)) {
                causes.add(Cause.duplicate(at + ".name", name));
            }
        }
        String image = container.path("image").asText("");
        if (image.isEmpty()) {
            causes.add(Cause.required(at + ".image", ""));
        } else if (!image.strip().equals(image)) {
            causes.add(Cause.invalid(at + ".image", image, "must not have leading or trailing whitespace"));
        }
        oneOf(
                "imagePullPolicy",
                at + ".imagePullPolicy",
                container.path("imagePullPolicy"),
                "Always",
                "IfNotPresent",
                "Never");
        ports(at, container.path("ports"));
        environment(at, container.path("env"));
        mounts(at, container.path("volumeMounts"), volumes);
        resources(at + ".resources", container.path("resources"));
    }

    private void ports(String at, JsonNode ports) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            String field = at + ".ports[" + i + "]";
            int number = port.path("containerPort").asInt();
            if (!port.has("containerPort") || number == 0) {
                causes.add(Cause.required(field + ".containerPort", ""));
            } else if (number < 1 || number > HIGHEST_PORT) {
                causes.add(Cause.invalidValue(
                        field + ".containerPort", Integer.toString(number), "must be between 1 and 65535, inclusive"));
            }
            oneOf("protocol", field + ".protocol", port.path("protocol"), "SCTP", "TCP", "UDP");
            String name = port.path("name").asText("");
            if (!name.isEmpty() && !names.add(name)) {
                causes.add(Cause.duplicate(field + ".name", name));
            }
        }
    }

    private void environment(String at, JsonNode environment) {
        for (int i = 0; i < environment.size(); i++) {
            JsonNode variable = environment.get(i);
            String field = at + ".env[" + i + "]";
            String name = variable.path("name").asText("");
            if (name.isEmpty()) {
                causes.add(Cause.required(field + ".name", ""));
            } else if (!ENVIRONMENT_NAME.matcher(name).matches()) {
                causes.add(
                        Cause.invalid(
                                field + ".name",
                                name,
                                "a valid environment variable name must consist only of printable ASCII characters other than '='"));
            }
            if (!variable.path("value").asText("").isEmpty()
                    && variable.path("valueFrom").isObject()) {
                causes.add(Cause.invalid(field + ".valueFrom", "", "may not be specified when `value` is not empty"));
            }
        }
    }

    private void mounts(String at, JsonNode mounts, Set<String> volumes) {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            JsonNode mount = mounts.get(i);
            String field = at + ".volumeMounts[" + i + "]";
            String name = mount.path("name").asText("");
            String mountPath = mount.path("mountPath").asText("");
            if (name.isEmpty()) {
                causes.add(Cause.required(field + ".name", ""));
            } else if (!volumes.contains(name)) {
                causes.add(Cause.notFound(field + ".name", name));
            }
            if (mountPath.isEmpty()) {
                causes.add(Cause.required(field + ".mountPath", ""));
            } else if (!paths.add(mountPath)) {
                causes.add(Cause.invalid(field + ".mountPath", mountPath, "must be unique"));
            }
        }
    }

    private void resources(String at, JsonNode resources) {
        JsonNode limits = resources.path("limits");
        resources.path("requests").properties().forEach(request -> {
            Optional<BigDecimal> limit = Quantities.amount(limits.path(request.getKey()));
            Optional<BigDecimal> wanted = Quantities.amount(request.getValue());
            if (limit.isPresent() && wanted.isPresent() && wanted.get().compareTo(limit.get()) > 0) {
                causes.add(Cause.invalid(
                        at + ".requests",
                        request.getValue().asText(),
                        "must be less than or equal to " + request.getKey() + " limit of "
                                + limits.path(request.getKey()).asText()));
            }
        });
    }

    private void oneOf(String what, String field, JsonNode value, String... supported) {
        if (value.isMissingNode()) {
            return;
        }
        if (!List.of(supported).contains(value.asText())) {
            causes.add(
                    value.asText().isEmpty()
                            ? Cause.required(field, what)
                            : Cause.notSupported(field, value.asText(), List.of(supported)));
        }
    }
}

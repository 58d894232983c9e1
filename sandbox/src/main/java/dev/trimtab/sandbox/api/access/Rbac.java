package dev.trimtab.sandbox.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.LocalApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Decides by the roles and bindings that are stored at that moment. */
public final class Rbac {

    private static final String GROUP = ".rbac.authorization.k8s.io";

    private final LocalApi api;

    public Rbac(LocalApi api) {
        this.api = api;
    }

    /** @param reason why it is allowed; empty for those who may do everything */
    public record Decision(boolean allowed, String reason) {}

    public Decision decide(User user, Action action) {
        if (user.groups().contains(User.MASTERS)) {
            return new Decision(true, "");
        }
        List<Decision> found = new ArrayList<>();
        visit(user, action.namespace(), (rule, why) -> {
            if (!rule.covers(action)) {
                return true;
            }
            found.add(new Decision(true, "RBAC: allowed by " + why));
            return false;
        });
        return found.isEmpty() ? new Decision(false, "") : found.get(0);
    }

    /** All rules that hold for somebody in a namespace, as the roles say them. */
    public List<JsonNode> rules(User user, String namespace) {
        List<JsonNode> rules = new ArrayList<>();
        visit(user, namespace, (rule, why) -> rules.add(rule.json()));
        return rules;
    }

    /** @param each is told a rule and by what it holds; false ends the visit */
    private void visit(User user, String namespace, BiPredicate<Rule, String> each) {
        for (ObjectNode binding : api.list("clusterrolebindings" + GROUP, "")) {
            Optional<String> subject = subject(binding, user);
            if (subject.isPresent()
                    && !visit(binding, "ClusterRoleBinding \"" + Json.name(binding), subject.get(), each)) {
                return;
            }
        }
        if (namespace.isEmpty()) {
            return;
        }
        for (ObjectNode binding : api.list("rolebindings" + GROUP, namespace)) {
            Optional<String> subject = subject(binding, user);
            if (subject.isPresent()
                    && !visit(binding, "RoleBinding \"" + Json.name(binding) + "/" + namespace, subject.get(), each)) {
                return;
            }
        }
    }

    private boolean visit(ObjectNode binding, String what, String subject, BiPredicate<Rule, String> each) {
        JsonNode ref = binding.path("roleRef");
        String kind = ref.path("kind").asText();
        String name = ref.path("name").asText();
        String why = what + "\" of " + kind + " \"" + name + "\" to " + subject;
        Optional<ObjectNode> role = kind.equals("ClusterRole")
                ? api.get("clusterroles" + GROUP, "", name)
                : api.get("roles" + GROUP, Json.namespace(binding), name);
        for (JsonNode rule : role.map(found -> found.path("rules")).orElseGet(Json::object)) {
            if (!each.test(new Rule(rule), why)) {
                return false;
            }
        }
        return true;
    }

    /** How a binding names the user, if it does. */
    private static Optional<String> subject(ObjectNode binding, User user) {
        for (JsonNode subject : binding.path("subjects")) {
            String kind = subject.path("kind").asText();
            String name = subject.path("name").asText();
            String namespace = subject.path("namespace").asText();
            boolean meant = switch (kind) {
                case "User" -> user.name().equals(name);
                case "Group" -> user.groups().contains(name);
                case "ServiceAccount" -> user.name().equals(User.serviceAccount(namespace, name));
                default -> false;
            };
            if (meant) {
                return Optional.of(
                        kind.equals("ServiceAccount")
                                ? kind + " \"" + name + "/" + namespace + '"'
                                : kind + " \"" + name + '"');
            }
        }
        return Optional.empty();
    }
}

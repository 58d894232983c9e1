package dev.trimtab.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Trees and types for tests. */
final class Objects {

    static final ResourceType CONFIG_MAP = new ResourceType("", "v1", "ConfigMap", "configmaps", true, Set.of());
    static final ResourceType SECRET = new ResourceType("", "v1", "Secret", "secrets", true, Set.of());
    static final ResourceType DEPLOYMENT =
            new ResourceType("apps", "v1", "Deployment", "deployments", true, Set.of("scale", "status"));
    static final ResourceType NAMESPACE =
            new ResourceType("", "v1", "Namespace", "namespaces", false, Set.of("status"));

    private Objects() {}

    /** Parses JSON that may use single quotes and bare names. */
    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JsonMapper.builder()
                    .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                    .build()
                    .readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}

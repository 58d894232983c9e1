package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.source.SourceCode;
import dev.trimtab.source.SourceException;
import dev.trimtab.source.TrustedKeys;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys in a Secret of the sync's cluster: one request for each commit that is new. */
record SecretKeys(ClusterClient cluster, String name) implements TrustedKeys {

    @Override
    public List<KeyFile> read() {
        String shown = "Secret " + Inventory.NAMESPACE + "/" + name;
        try {
            JsonNode secret = cluster.resource("v1", "Secret")
                    .flatMap(type -> cluster.get(type, Optional.of(Inventory.NAMESPACE), name))
                    .orElseThrow(() -> unusable(shown + " with the keys is not there; create it"));
            List<KeyFile> files = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : secret.path("data").properties()) {
                byte[] content = Base64.getDecoder().decode(entry.getValue().asText());
                files.add(new KeyFile(shown + "/" + entry.getKey(), content));
            }
            return files;
        } catch (ApiException e) {
            throw unusable(shown + " with the keys cannot be read: " + e.getMessage());
        }
    }

    private static SourceException unusable(String text) {
        return new SourceException(SourceCode.SRC015, text);
    }
}

package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.intake.Credential;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where the secrets of an import go: into a file for its owner's eyes, into the cluster, or nowhere. */
final class SecretOptions {

    static final SecretOptions NONE = new SecretOptions();

    private static final String FIELD_MANAGER = "trimtab-import";

    @ArgGroup
    private @Nullable Target target;

    /** At most one of the two. */
    static final class Target {

        @Option(
                names = "--secrets-file",
                paramLabel = "FILE",
                description =
                        "write secrets as manifests to this file, readable for its owner only; refused inside a Git"
                                + " work tree")
        private @Nullable Path file;

        @Option(names = "--apply-secrets", description = "put secrets straight into the cluster")
        private boolean apply;
    }

    /** @param definition the folder that documents are written to, where secrets must not be */
    void keep(
            List<Credential> credentials,
            Optional<Path> definition,
            boolean force,
            CommonOptions common,
            Supplier<ClusterClient> cluster) {
        if (credentials.isEmpty()) {
            if (target != null) {
                common.err().println("there is no secret to keep: the source holds none");
            }
            return;
        }
        List<ObjectNode> manifests = Credential.manifests(credentials);
        if (target != null && target.file != null) {
            new SecretsFile(target.file).write(manifests, definition, force);
            common.err()
                    .println("wrote " + named(credentials) + " to " + target.file
                            + ": apply it with kubectl apply -f, then delete it");
        } else if (target != null && target.apply) {
            try (ClusterClient client = cluster.get()) {
                manifests.forEach(manifest -> apply(manifest, client, common));
            }
        } else {
            common.err()
                    .println("left out: " + named(credentials)
                            + "; the documents name them. Keep them with --secrets-file FILE, or with --apply-secrets");
        }
    }

    private static String named(List<Credential> credentials) {
        return String.join(", ", credentials.stream().map(Credential::title).toList());
    }

    private static void apply(ObjectNode manifest, ClusterClient client, CommonOptions common) {
        ObjectKey key = ObjectKey.of(manifest);
        ResourceType secrets = type(client, "Secret");
        ApplyOptions options = new ApplyOptions(FIELD_MANAGER, false, false);
        namespace(key.namespace().orElseThrow(), client, options);
        try {
            client.apply(secrets, encoded(manifest), options);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.CONFLICT) {
                throw e;
            }
            throw new UserError(
                    key + " is there already with other values, which somebody else has set; it was not changed",
                    "delete it if the new values should count, and import again");
        }
        common.err().println("applied " + key + " to cluster " + client.name());
    }

    /** {@code stringData} overwrites what others hold in {@code data} without a conflict. */
    private static ObjectNode encoded(ObjectNode manifest) {
        ObjectNode encoded = manifest.deepCopy();
        ObjectNode data = encoded.putObject("data");
        manifest.path("stringData")
                .properties()
                .forEach(entry -> data.put(
                        entry.getKey(),
                        Base64.getEncoder()
                                .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        encoded.remove("stringData");
        return encoded;
    }

    /** The add-on comes later, and with it its namespace. */
    private static void namespace(String name, ClusterClient client, ApplyOptions options) {
        ResourceType namespaces = type(client, "Namespace");
        if (client.get(namespaces, Optional.empty(), name).isEmpty()) {
            ObjectNode namespace = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "Namespace");
            namespace.putObject("metadata").put("name", name);
            client.apply(namespaces, namespace, options);
        }
    }

    private static ResourceType type(ClusterClient client, String kind) {
        return client.resource("v1", kind)
                .orElseThrow(() -> new UserError("cluster " + client.name() + " serves no " + kind));
    }
}

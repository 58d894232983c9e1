package dev.trimtab.render;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Limits;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.definition.Position;
import dev.trimtab.definition.Positions;
import dev.trimtab.definition.VersionMatrix;
import dev.trimtab.definition.WorkloadSet;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Definitions as a test writes them: YAML documents of one file. */
public final class Written {

    private static final JsonMapper JSON = new JsonMapper();

    private Written() {}

    /** A revision whose commit is {@code n} in hex. */
    public static Revision revision(int n) {
        return new Revision(
                String.format("%040x", n),
                "main",
                Instant.parse("2026-01-01T00:00:00Z"),
                "Ada",
                "Change " + n,
                Optional.empty());
    }

    /** Documents of Trimtab's own kinds and manifests as files, read and checked as the product does it. */
    public static Definition read(MemoryTree files) {
        return new Renderer().check(new Definitions(Limits.DEFAULT).read(files, RepoPath.ROOT));
    }

    public static ObjectNode object(String yaml) {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return JSON.valueToTree(tree);
    }

    public static List<Manifest> manifests(String file, String yaml) {
        List<Manifest> manifests = new ArrayList<>();
        int line = 1;
        for (String document : yaml.split("(?m)^---\\n", -1)) {
            if (!document.isBlank()) {
                ObjectNode json = object(document);
                Positions positions = Positions.of(new Position(new RepoPath(file), line, 1));
                manifests.add(new Manifest(ObjectKey.of(json), json, positions));
            }
            line += document.split("\n", -1).length;
        }
        return manifests;
    }

    public static Definition definition(int revision, List<Manifest> manifests, WorkloadSet... sets) {
        return new Definition(
                revision(revision),
                RepoPath.ROOT,
                Optional.empty(),
                Inventory.EMPTY,
                List.of(),
                List.of(sets),
                VersionMatrix.builtIn(),
                List.of(),
                manifests,
                List.of());
    }

    /** Rendered for the sync {@code demo}. */
    public static Desired desired(int revision, String yaml) {
        return new Renderer().render(definition(revision, manifests("app.yaml", yaml)), "demo");
    }

    public static ObjectKey key(String group, String kind, String namespace, String name) {
        return new ObjectKey(group, kind, namespace.isEmpty() ? Optional.empty() : Optional.of(namespace), name);
    }
}

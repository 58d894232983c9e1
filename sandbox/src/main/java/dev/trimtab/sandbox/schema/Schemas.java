package dev.trimtab.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types of kinds by group, version and kind. */
public final class Schemas {

    private static final List<String> BUILTIN_TABLES = List.of(
            "meta",
            "core",
            "apps",
            "batch",
            "networking",
            "rbac",
            "policy",
            "autoscaling-v1",
            "autoscaling-v2",
            "storage",
            "coordination",
            "scheduling",
            "apiextensions",
            "apiregistration",
            "admissionregistration",
            "discovery",
            "events",
            "node",
            "certificates",
            "authentication",
            "authorization",
            "flowcontrol");

    record GroupVersionKind(String group, String version, String kind) {}

    private final Map<GroupVersionKind, Type.Struct> kinds;
    private final Type.Struct objectMeta;

    private Schemas(TypeTables tables) {
        this.kinds = tables.kinds();
        this.objectMeta = tables.struct("meta.ObjectMeta");
    }

    /** The built-in kinds of Kubernetes. Parsed once, from the tables beside this class. */
    public static Schemas builtin() {
        return Builtin.SCHEMAS;
    }

    /** The type of a built-in kind; {@code group} is empty for the core group. */
    public Optional<Type.Struct> type(String group, String version, String kind) {
        return Optional.ofNullable(kinds.get(new GroupVersionKind(group, version, kind)));
    }

    /** The type of {@code metadata}, which all kinds share. */
    public Type.Struct objectMeta() {
        return objectMeta;
    }

    /**
     * The type of a custom resource.
     *
     * @param openApiV3Schema the schema of one version of a CRD; apiVersion, kind and metadata are added
     */
    public static Type.Struct ofCrd(JsonNode openApiV3Schema) {
        return new CrdTypes(builtin().objectMeta()).root(openApiV3Schema);
    }

    /** Initialised on first use: a program that serves no API does not pay for it. */
    private static final class Builtin {

        static final Schemas SCHEMAS = load();

        private static Schemas load() {
            TypeTables tables = new TypeTables();
            for (String table : BUILTIN_TABLES) {
                tables.add(table, text(table + ".types"));
            }
            return new Schemas(tables);
        }

        private static String text(String resource) {
            try (InputStream in = Schemas.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the jar lacks " + resource);
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

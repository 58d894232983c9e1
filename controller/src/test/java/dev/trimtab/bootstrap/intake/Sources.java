package dev.trimtab.bootstrap.intake;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.definition.YamlText;
import dev.trimtab.render.Written;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** What tests import, and what they do with what comes of it. */
final class Sources {

    private Sources() {}

    static String text(String name) {
        try (InputStream stream = Sources.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Imported kubeadm(String text, Wanted wanted) {
        return Intake.kubeadm("kubeadm.yaml", text.getBytes(StandardCharsets.UTF_8), wanted);
    }

    static Imported kuboard(String text, KuboardServer server) {
        return Intake.kuboardAgent("agent.yaml", text.getBytes(StandardCharsets.UTF_8), server);
    }

    /** The documents as files, read and checked as the product does it. */
    static Definition definition(Imported imported) {
        MemoryTree tree = new MemoryTree();
        imported.documents().forEach((file, document) -> tree.with(file, YamlText.of(document)));
        return Written.read(tree);
    }

    static String documents(Imported imported) {
        return imported.documents().values().stream().map(YamlText::of).collect(Collectors.joining("---\n"));
    }

    static String findings(Imported imported) {
        return imported.findings().stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }
}

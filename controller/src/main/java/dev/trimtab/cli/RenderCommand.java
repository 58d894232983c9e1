package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.YamlText;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.plan.ConfigMarks;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.Renderer;
import dev.trimtab.review.ProblemText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab render DIR}: needs no cluster. */
@Command(name = "render", description = "Print the objects that a definition wants, offline.")
final class RenderCommand implements Callable<Integer> {

    enum Format {
        YAML,
        JSON
    }

    @Mixin
    private CommonOptions common;

    @Mixin
    private FolderOptions folder;

    @Option(
            names = "--sync",
            paramLabel = "NAME",
            defaultValue = SyncNames.LOCAL,
            description = "the sync that will own the objects (default: ${DEFAULT-VALUE})")
    private String sync;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "YAML",
            description = "yaml or json (one List)")
    private Format output;

    @Override
    public Integer call() {
        SyncNames.check(sync);
        Definition definition = folder.read();
        ProblemText text = new ProblemText(folder.directory(), common.style());
        definition.problems().forEach(problem -> common.err().println(text.of(problem)));
        if (definition.refused()) {
            return ExitCode.ERROR;
        }
        Desired desired =
                ConfigMarks.on(new Renderer().render(definition, sync), UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE);
        if (output == Format.JSON) {
            ObjectNode list = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "List");
            ArrayNode items = list.putArray("items");
            desired.objects().values().forEach(object -> items.add(object.json()));
            common.print(list);
        } else {
            for (DesiredObject object : desired.objects().values()) {
                common.out().println("---");
                common.out().println("# " + object.origin());
                common.out().print(YamlText.of(object.json()));
            }
            common.out().flush();
        }
        return ExitCode.DONE;
    }
}

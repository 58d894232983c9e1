package dev.trimtab.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** One workload in a file, outside of any definition. */
final class WorkloadFile {

    private WorkloadFile() {}

    static ObjectNode read(Path file) {
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            if (new ObjectMapper().valueToTree(document) instanceof ObjectNode object
                    && object.path("spec").path("template").isObject()) {
                return object;
            }
            throw new UserError(file + " holds no workload", "it needs spec.template; one document a file");
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage());
        } catch (YAMLException e) {
            throw new UserError(file + " is not YAML of one document: " + e.getMessage());
        }
    }
}

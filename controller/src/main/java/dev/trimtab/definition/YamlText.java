package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** JSON as YAML that every reader takes for the same JSON. */
public final class YamlText {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Plain words that no YAML reader, of version 1.1 or 1.2, could take for something else than a string. */
    private static final Pattern SAFE = Pattern.compile("[A-Za-z/][A-Za-z0-9._/-]*(:[A-Za-z0-9._/-]+)*");

    private static final Pattern RESERVED =
            Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null", Pattern.CASE_INSENSITIVE);

    private YamlText() {}

    /** One document in block style, ending with a line break. */
    public static String of(JsonNode tree) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setIndent(2);
        options.setWidth(120);
        options.setSplitLines(false);
        return new Yaml(new Careful(options), options).dump(JSON.convertValue(tree, Object.class));
    }

    /** Quotes each string that is not plainly a string. */
    private static final class Careful extends Representer {

        Careful(DumperOptions options) {
            super(options);
        }

        @Override
        protected Node representScalar(Tag tag, String value, ScalarStyle style) {
            boolean text = tag.equals(Tag.STR);
            if (text
                    && !value.contains("\n")
                    && !(SAFE.matcher(value).matches()
                            && !RESERVED.matcher(value).matches())) {
                return super.representScalar(tag, value, ScalarStyle.DOUBLE_QUOTED);
            }
            return super.representScalar(tag, value, style);
        }
    }
}

package dev.trimtab.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTextTest {

    @ParameterizedTest
    @CsvSource({
        "1000m, 1",
        "1, 1",
        "0.5, 500m",
        ".5, 500m",
        "1., 1",
        "+2, 2",
        "-1500m, -1500m",
        "0, 0",
        "0Gi, 0",
        "1024Mi, 1Gi",
        "1.5Gi, 1536Mi",
        "0.5Ki, 512",
        "512Ki, 512Ki",
        "1000k, 1M",
        "1500000, 1500k",
        "1e3, 1e3",
        "1000e3, 1e6",
        "12e-1, 1200e-3",
        "100n, 100n",
        "0.1n, 1n",
        "2000E, 2000E",
        "1048576, 1048576",
        "64390.625Ki, 65936k",
        "1.5009765625Ki, 1537",
    })
    void oneAmountHasOneText(String written, String canonical) {
        assertThat(QuantityText.canonical(new TextNode(written))).contains(canonical);
    }

    @Test
    void numbersAreQuantities() {
        assertThat(QuantityText.canonical(new IntNode(2))).contains("2");
        assertThat(QuantityText.canonical(new DoubleNode(0.25))).contains("250m");
        assertThat(QuantityText.canonical(BooleanNode.TRUE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 Gi", "1gi", "1K", "Gi", "1Mi2", "one", "1e", "1,5", "0x10"})
    void otherTextIsNone(String written) {
        assertThat(QuantityText.canonical(new TextNode(written))).isEmpty();
    }

    @Test
    void canonicalTextKeepsTheAmountAndIsItsOwnCanonicalText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> suffixes = List.of("", "m", "u", "k", "M", "G", "T", "Ki", "Mi", "Gi", "e3", "e-3");
        for (int i = 0; i < 2_000; i++) {
            String written = random.nextInt(100_000)
                    + (random.nextBoolean() ? "" : "." + random.nextInt(1000))
                    + suffixes.get(random.nextInt(suffixes.size()));

            String canonical = QuantityText.canonical(new TextNode(written)).orElseThrow();

            String at = written + " with seed " + seed;
            assertThat(new Quantity(canonical).getNumericalAmount())
                    .as(at)
                    .isEqualByComparingTo(new Quantity(written).getNumericalAmount());
            assertThat(QuantityText.canonical(new TextNode(canonical))).as(at).contains(canonical);
            assertThat(canonical).as(at).doesNotContain(".");
        }
    }
}

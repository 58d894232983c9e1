package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.codes.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodesTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "codes.md");

    @Test
    void everyCodeIsUniqueAndHasTheForm() {
        List<String> ids = Codes.all().stream().map(Code::id).toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[A-Z]{2,4}[0-9]{3}"));
    }

    @Test
    void everyMeaningIsASentence() {
        assertThat(Codes.all())
                .allSatisfy(code -> assertThat(code.meaning())
                        .as(code.id())
                        .matches("[A-Z\"].*\\.")
                        .doesNotContain("|"));
    }

    /** Writes the page anew with {@code -Dtrimtab.update=true}. */
    @Test
    void theReferencePageListsWhatTheCodeKnows() throws IOException {
        if (Boolean.getBoolean("trimtab.update")) {
            Files.writeString(PAGE, Codes.page());
        }
        assertThat(PAGE).hasContent(Codes.page());
    }
}

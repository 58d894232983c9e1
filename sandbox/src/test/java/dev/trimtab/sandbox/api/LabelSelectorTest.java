package dev.trimtab.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    app=web                      | true
                    app==web                     | true
                    app=db                       | false
                    app!=db                      | true
                    app!=web                     | false
                    none!=x                      | true
                    app                          | true
                    none                         | false
                    !none                        | true
                    !app                         | false
                    app in (web, db)             | true
                    app in (db)                  | false
                    app notin (db)               | true
                    app notin (web,db)           | false
                    none notin (x)               | true
                    none in ()                   | false
                    app in (web,db),tier=front   | true
                    app in (web,db),tier=back    | false
                    size>2                       | true
                    size<2                       | false
                    example.com/part-of=shop     | true
                    ''                           | true
                    """)
    void selects(String selector, boolean selected) {
        ObjectNode object = Json.object();
        Json.child(Json.metadata(object), "labels")
                .put("app", "web")
                .put("tier", "front")
                .put("size", "3")
                .put("example.com/part-of", "shop");
        assertThat(LabelSelector.parse(selector).test(object)).isEqualTo(selected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app in web", "app in (web", "=web", "app=we b", "a b", "app in (a),(b)"})
    void refusesWhatIsNoSelector(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(StatusException.class)
                .extracting(thrown -> ((StatusException) thrown).code())
                .isEqualTo(400);
    }

    @Test
    void anEmptySelectorSelectsEverything() {
        assertThat(LabelSelector.parse("").everything()).isTrue();
        assertThat(LabelSelector.parse("a").everything()).isFalse();
    }
}

package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.inplace.RolloutNumbers.Side;
import dev.trimtab.inplace.RolloutNumbers.Wanted;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutNumbersTest {

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # state                              | replicas, partition, maxUnavailable, surge | old, unavailable | new, unavailable | create, old | remove, old, ready | update, budget
            10 old, partition 3, mu 2            | 10, 3, 2, 0 | 10, 0 |  0, 0 | 0, 0 | 0, 0, 2 | 7, 2
            10 old, 25% with surge 1             | 10, 0, 2, 1 | 10, 0 |  0, 0 | 1, 0 | 0, 0, 2 | 10, 2
            10 old and the surge pod             | 10, 0, 2, 1 | 10, 0 |  1, 0 | 0, 0 | 0, 0, 3 | 9, 3
            1 old, all partitioned               |  1, 1, 1, 0 |  1, 0 |  0, 0 | 0, 0 | 0, 0, 1 | 0, 1
            5 old, none available                |  5, 0, 2, 0 |  5, 5 |  0, 0 | 0, 0 | 0, 0, 0 | 5, 2
            4 new 1 old, partition raised        |  5, 3, 1, 0 |  1, 0 |  4, 0 | 0, 0 | 0, 0, 1 | 0, 1
            3 to 5 with a new template           |  5, 0, 1, 0 |  3, 0 |  0, 0 | 2, 0 | 0, 0, 0 | 3, 0
            partition 3, 2 old left              |  5, 3, 1, 0 |  2, 0 |  0, 0 | 3, 1 | 0, 0, 0 | 0, 0
            5 to 3                               |  3, 0, 1, 0 |  0, 0 |  5, 0 | 0, 0 | 2, 0, 3 | 0, 3
            5 to 3, none available               |  3, 0, 1, 0 |  0, 0 |  5, 5 | 0, 0 | 2, 0, 0 | 0, 3
            5 to 3, partition 1                  |  3, 1, 1, 0 |  3, 0 |  2, 0 | 0, 0 | 2, 2, 3 | 0, 3
            """)
    void theArithmeticOfARollout(
            String state, String wanted, String older, String newer, String create, String remove, String update) {
        int[] w = ints(wanted);
        int[] o = ints(older);
        int[] n = ints(newer);

        RolloutNumbers numbers = RolloutNumbers.of(
                new Wanted(w[0], w[1], w[2], w[3], NO_LIMIT),
                new Side(o[0], 0, 0, o[1]),
                new Side(n[0], 0, 0, n[1]),
                true);

        int[] c = ints(create);
        int[] r = ints(remove);
        int[] u = ints(update);
        assertThat(numbers).isEqualTo(new RolloutNumbers(c[0], c[1], r[0], r[1], r[2], u[0], u[1]));
    }

    @ParameterizedTest(name = "{0} pods, {1} unavailable: create {2}")
    @CsvSource({"0, 0, 20", "50, 15, 5", "50, 20, 0", "50, 30, 0"})
    void scaleOutIsCappedByUnavailablePods(int pods, int unavailable, int create) {
        RolloutNumbers numbers = RolloutNumbers.of(
                new Wanted(100, 0, 20, 0, 20), new Side(0, 0, 0, 0), new Side(pods, 0, 0, unavailable), true);

        assertThat(numbers.create()).isEqualTo(create);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'surge: a successor first', 5, 0, 0, 1, 1, 0",
        "'surge: the successor is not up', 6, 1, 0, 1, 0, 0",
        "'surge: the successor is up', 6, 0, 0, 1, 0, 1",
        "'no surge, another is unavailable', 5, 1, 1, 0, 0, 0",
        "'no surge', 5, 0, 1, 0, 0, 1"
    })
    void oneOfFivePodsIsToBeDeleted(
            String state, int pods, int unavailable, int maxUnavailable, int maxSurge, int create, int ready) {
        RolloutNumbers numbers = RolloutNumbers.of(
                new Wanted(5, 0, maxUnavailable, maxSurge, NO_LIMIT),
                new Side(0, 0, 0, 0),
                new Side(pods, 0, 1, unavailable),
                true);

        assertThat(numbers.create()).isEqualTo(create);
        assertThat(numbers.removeReady()).isEqualTo(ready);
        assertThat(numbers.remove()).isZero();
    }

    private static int[] ints(String text) {
        return java.util.Arrays.stream(text.split(",", -1))
                .mapToInt(number -> Integer.parseInt(number.trim()))
                .toArray();
    }
}

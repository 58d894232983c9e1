package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one way in which the API server writes a quantity where it knows that a field is one (Kubernetes API reference, "Quantity"):
 * no fraction, the largest suffix that needs none, nothing finer than a billionth, and the family of suffixes that was written.
 */
final class QuantityText {

    private static final Pattern SYNTAX =
            Pattern.compile("([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,3})?");

    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    /** Power of ten of the smallest decimal suffix. */
    private static final int SMALLEST = -9;

    private QuantityText() {}

    /** Empty when the value is no quantity. A number is one too. */
    static Optional<String> canonical(JsonNode value) {
        return value.isNumber()
                ? canonical(value.decimalValue().toPlainString())
                : Optional.of(value).filter(JsonNode::isTextual).flatMap(text -> canonical(text.textValue()));
    }

    private static Optional<String> canonical(String text) {
        Matcher written = SYNTAX.matcher(text);
        if (!written.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(written.group(1));
        String suffix = Optional.ofNullable(written.group(2)).orElse("");
        if (BINARY.indexOf(suffix) > 0) {
            return Optional.of(binary(number.multiply(new BigDecimal(KIBI.pow(BINARY.indexOf(suffix))))));
        }
        if (DECIMAL.contains(suffix)) {
            return Optional.of(decimal(number.scaleByPowerOfTen(3 * DECIMAL.indexOf(suffix) + SMALLEST)));
        }
        return Optional.of(exponent(number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)))));
    }

    /**
     * What is less than 1024, no whole number, or no multiple of 1024 has no binary form. The last the API server first writes
     * without a suffix, and reads back from its store as a decimal: the text that stays is the decimal one.
     */
    private static String binary(BigDecimal amount) {
        boolean whole = amount.stripTrailingZeros().scale() <= 0;
        if (!whole
                || amount.abs().compareTo(new BigDecimal(KIBI)) < 0
                || amount.toBigIntegerExact().mod(KIBI).signum() != 0) {
            return decimal(amount);
        }
        BigInteger number = amount.toBigIntegerExact();
        int power = 0;
        while (power < BINARY.size() - 1 && number.mod(KIBI).signum() == 0) {
            number = number.divide(KIBI);
            power++;
        }
        return number + BINARY.get(power);
    }

    private static String decimal(BigDecimal amount) {
        BigDecimal exact = atMostNano(amount);
        int power = Math.min(powerOfThousand(exact), DECIMAL.size() - 1 + SMALLEST / 3);
        return whole(exact, power) + DECIMAL.get(power - SMALLEST / 3);
    }

    private static String exponent(BigDecimal amount) {
        BigDecimal exact = atMostNano(amount);
        int power = powerOfThousand(exact);
        return whole(exact, power) + (power == 0 ? "" : "e" + 3 * power);
    }

    /** Away from zero: somebody who asks for a little does not get nothing. */
    private static BigDecimal atMostNano(BigDecimal amount) {
        return amount.scale() > -SMALLEST ? amount.setScale(-SMALLEST, RoundingMode.UP) : amount;
    }

    private static int powerOfThousand(BigDecimal amount) {
        return amount.signum() == 0
                ? 0
                : Math.floorDiv(-amount.stripTrailingZeros().scale(), 3);
    }

    private static BigInteger whole(BigDecimal amount, int powerOfThousand) {
        return amount.scaleByPowerOfTen(-3 * powerOfThousand).toBigIntegerExact();
    }
}

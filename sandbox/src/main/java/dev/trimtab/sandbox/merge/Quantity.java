package dev.trimtab.sandbox.merge;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The canonical text of a resource quantity, by the serialization rules of {@code k8s.io/apimachinery}
 * resource.Quantity: no precision is lost, no fraction is written, and the suffix is as large as can be.
 */
final class Quantity {

    private static final Pattern SYNTAX =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(m|n|u|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\\d+)?");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int NANO = -9;
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigInteger BINARY_STEP = BigInteger.valueOf(1024);

    private Quantity() {}

    /** The canonical form; empty when {@code text} is no quantity. */
    static Optional<String> canonical(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = Optional.ofNullable(matcher.group(2)).orElse("");
        if (suffix.endsWith("i")) {
            BigInteger factor = BINARY_STEP.pow(BINARY.indexOf(suffix));
            return Optional.of(binary(number.multiply(new BigDecimal(factor))));
        }
        boolean exponent = suffix.length() > 1;
        int scale = exponent ? Integer.parseInt(suffix.substring(1)) : 3 * DECIMAL.indexOf(suffix) + NANO;
        return Optional.of(decimal(number.scaleByPowerOfTen(scale), exponent));
    }

    /** Small and fractional amounts are written in decimal even if they came with a binary suffix. */
    private static String binary(BigDecimal amount) {
        if (amount.abs().compareTo(new BigDecimal(BINARY_STEP)) < 0
                || amount.stripTrailingZeros().scale() > 0) {
            return decimal(amount, false);
        }
        BigInteger number = amount.toBigIntegerExact();
        int suffix = 0;
        while (suffix < BINARY.size() - 1 && number.mod(BINARY_STEP).signum() == 0) {
            number = number.divide(BINARY_STEP);
            suffix++;
        }
        return number + BINARY.get(suffix);
    }

    private static String decimal(BigDecimal amount, boolean asExponent) {
        // Nothing is smaller than a nano; what would be is rounded away from zero.
        BigDecimal rounded = amount.setScale(Math.min(Math.max(amount.scale(), 0), -NANO), RoundingMode.UP);
        if (rounded.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = rounded.stripTrailingZeros();
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        exponent = asExponent ? exponent : Math.min(exponent, 3 * (DECIMAL.size() - 1) + NANO);
        BigInteger number = stripped.scaleByPowerOfTen(-exponent).toBigIntegerExact();
        if (asExponent) {
            return exponent == 0 ? number.toString() : number + "e" + exponent;
        }
        return number + DECIMAL.get((exponent - NANO) / 3);
    }
}

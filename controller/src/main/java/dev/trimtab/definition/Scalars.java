package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a YAML scalar means. The reading is kubectl's: YAML 1.1 words for booleans, octal with and without {@code o}, no
 * base 60, no dates, and numbers as Go's {@code strconv} takes them. No YAML library for Java has it as a setting.
 */
final class Scalars {

    private static final String TAG = "tag:yaml.org,2002:";
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern LEADING_DOT = Pattern.compile("\\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?");
    private static final int LONGEST_NUMBER = 1000;
    private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(64);
    private static final Map<String, JsonNode> WORDS = words();

    private Scalars() {}

    /** A scalar that JSON cannot hold, or whose tag does not fit it. The message quotes only tags, never values. */
    static final class Unrepresentable extends Exception {
        private static final long serialVersionUID = 1L;

        Unrepresentable(String message) {
            super(message);
        }
    }

    /**
     * @param tag as the parser resolved it, null when none was written
     * @param plain whether the scalar was written without quotes and is no block
     */
    static JsonNode value(@Nullable String tag, boolean plain, String text) throws Unrepresentable {
        JsonNode value = resolve(tag, plain, text);
        if (!value.isDouble()) {
            requireWhole(value.asText());
            return value;
        }
        if (!Double.isFinite(value.doubleValue())) {
            throw new Unrepresentable("infinity and not-a-number have no place in JSON");
        }
        return number(value.doubleValue());
    }

    /** The text of a mapping's key: keys that are numbers or booleans become text as kubectl makes them. */
    static String key(@Nullable String tag, boolean plain, String text) throws Unrepresentable {
        JsonNode key = resolve(tag, plain, text);
        if (key.isNull()) {
            throw new Unrepresentable("a key must not be null");
        }
        if (!key.isDouble()) {
            requireWhole(key.asText());
            return key.asText();
        }
        double number = key.doubleValue();
        if (Double.isNaN(number)) {
            return ".nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? ".inf" : "-.inf";
        }
        return shortestSingle(number);
    }

    /** Escapes can write half of a character, which no UTF-8 text can hold. */
    static void requireWhole(String text) throws Unrepresentable {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                throw new Unrepresentable("the text holds half of a surrogate pair");
            }
        }
    }

    /** The node that a JSON reader makes of the same number: whole numbers are integers however they were written. */
    static JsonNode number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 0x1p63
                ? integer((long) number)
                : new DoubleNode(number);
    }

    static JsonNode integer(long number) {
        return number == (int) number ? new IntNode((int) number) : new LongNode(number);
    }

    private static JsonNode resolve(@Nullable String tag, boolean plain, String text) throws Unrepresentable {
        if (tag == null) {
            return plain ? plain(text) : new TextNode(text);
        }
        String name = tag.startsWith(TAG) ? tag.substring(TAG.length()) : "";
        return switch (name) {
            case "int", "float", "bool", "null" -> expect(name, plain(text));
            case "binary" -> binary(text);
            default -> new TextNode(text);
        };
    }

    private static JsonNode expect(String type, JsonNode value) throws Unrepresentable {
        boolean fits = switch (type) {
            case "int" -> value.isIntegralNumber();
            case "float" -> value.isNumber();
            case "bool" -> value.isBoolean();
            default -> value.isNull();
        };
        if (!fits) {
            throw new Unrepresentable("the value is no !!" + type);
        }
        return value;
    }

    private static JsonNode binary(String text) throws Unrepresentable {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
            return new TextNode(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException e) {
            throw new Unrepresentable("the value is no base64, as !!binary asks for");
        } catch (CharacterCodingException e) {
            throw new Unrepresentable("the !!binary value is no UTF-8 text");
        }
    }

    private static JsonNode plain(String text) {
        JsonNode word = WORDS.get(text);
        if (word != null) {
            return word;
        }
        if (text.length() > LONGEST_NUMBER) {
            return new TextNode(text);
        }
        char first = text.charAt(0);
        if (first == '.') {
            return LEADING_DOT.matcher(text).matches() ? finiteOrText(text.replace("_", ""), text) : new TextNode(text);
        }
        if (first != '+' && first != '-' && (first < '0' || first > '9')) {
            return new TextNode(text);
        }
        String digits = text.replace("_", "");
        Optional<JsonNode> integer = integer(digits);
        if (integer.isPresent()) {
            return integer.get();
        }
        return FLOAT.matcher(digits).matches() ? finiteOrText(digits, text) : new TextNode(text);
    }

    /** A number too large for a double stays text. */
    private static JsonNode finiteOrText(String digits, String text) {
        double number = Double.parseDouble(digits);
        return Double.isInfinite(number) ? new TextNode(text) : new DoubleNode(number);
    }

    /** As {@code strconv.ParseInt} with base 0: signed 64 bits, or unsigned ones without a sign, which become doubles. */
    private static Optional<JsonNode> integer(String digits) {
        boolean signed = digits.startsWith("+") || digits.startsWith("-");
        String magnitude = signed ? digits.substring(1) : digits;
        int base = 10;
        if (magnitude.length() > 1 && magnitude.charAt(0) == '0') {
            char marker = Character.toLowerCase(magnitude.charAt(1));
            base = marker == 'x' ? 16 : marker == 'b' ? 2 : 8;
            magnitude = magnitude.substring(marker == 'x' || marker == 'b' || marker == 'o' ? 2 : 1);
        }
        if (magnitude.isEmpty() || magnitude.chars().anyMatch(notDigitOf(base))) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(magnitude, base);
        number = digits.startsWith("-") ? number.negate() : number;
        if (number.bitLength() <= 63) {
            return Optional.of(integer(number.longValue()));
        }
        return signed || number.compareTo(UNSIGNED_END) >= 0
                ? Optional.empty()
                : Optional.of(new DoubleNode(number.doubleValue()));
    }

    private static IntPredicate notDigitOf(int base) {
        return c -> c > 127 || Character.digit(c, base) < 0;
    }

    /** Go's shortest form of a number in single precision, which is what the conversion of keys uses. */
    private static String shortestSingle(double number) {
        float single = (float) number;
        BigDecimal exact = new BigDecimal(single);
        BigDecimal shortest = exact;
        for (int digits = 9; digits > 0; digits--) {
            BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shorter.floatValue() != single) {
                break;
            }
            shortest = shorter.stripTrailingZeros();
        }
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (shortest.signum() == 0) {
            return "0";
        }
        if (exponent >= -4 && exponent < 6) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (shortest.signum() < 0 ? "-" : "")
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static Map<String, JsonNode> words() {
        Map<String, JsonNode> words = new HashMap<>();
        List.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
                .forEach(word -> words.put(word, BooleanNode.TRUE));
        List.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
                .forEach(word -> words.put(word, BooleanNode.FALSE));
        List.of("", "~", "null", "Null", "NULL").forEach(word -> words.put(word, NullNode.getInstance()));
        List.of(".nan", ".NaN", ".NAN").forEach(word -> words.put(word, new DoubleNode(Double.NaN)));
        List.of(".inf", ".Inf", ".INF").forEach(word -> {
            words.put(word, new DoubleNode(Double.POSITIVE_INFINITY));
            words.put("+" + word, new DoubleNode(Double.POSITIVE_INFINITY));
            words.put("-" + word, new DoubleNode(Double.NEGATIVE_INFINITY));
        });
        return Map.copyOf(words);
    }
}

package dev.trimtab.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.codes.Code;
import dev.trimtab.definition.Position;
import dev.trimtab.definition.Positions;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.sync.HoldCode;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a value of any record, so that a kind that is new is tested without a word: one element in each collection, {@link #VALUE} as
 * each value of a field.
 *
 * @param last whether the last constant of an enum, the last of the sealed and {@code false} are taken, or the first and {@code true}
 */
record Sample(boolean last) {

    static final String VALUE = "Swordfish77";
    static final List<Sample> VARIANTS = List.of(new Sample(false), new Sample(true));

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    Object of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return collection((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        Class<?> kind = (Class<?>) type;
        if (kind.isRecord()) {
            return make(kind);
        } else if (kind.isEnum()) {
            return pick(kind.getEnumConstants());
        } else if (kind.isSealed()) {
            return of(pick(kind.getPermittedSubclasses()));
        }
        return leaf(kind);
    }

    private Object leaf(Class<?> kind) {
        if (kind == String.class) {
            return "abcdefgh";
        } else if (kind == int.class) {
            return 1;
        } else if (kind == long.class) {
            return 1L;
        } else if (kind == boolean.class) {
            return !last;
        } else if (kind == Instant.class) {
            return NOW;
        } else if (kind == Duration.class) {
            return Duration.ofSeconds(3);
        } else if (kind == OptionalInt.class) {
            return OptionalInt.of(1);
        } else if (kind == FieldPointer.class) {
            return FieldPointer.parse("/data/size");
        } else if (kind == Positions.class) {
            return Positions.of((Position) of(Position.class));
        } else if (kind == Throwable.class) {
            return new IllegalStateException(VALUE);
        } else if (kind == Code.class) {
            return pick(HoldCode.values());
        } else if (kind == ObjectNode.class) {
            return JsonNodeFactory.instance.objectNode().put("value", VALUE);
        } else if (kind == JsonNode.class) {
            return TextNode.valueOf(VALUE);
        }
        throw new IllegalArgumentException("no sample of " + kind);
    }

    private Object collection(Class<?> kind, Type[] of) {
        if (kind == Optional.class) {
            return Optional.of(of(of[0]));
        } else if (kind == List.class) {
            return List.of(of(of[0]));
        } else if (kind == Set.class) {
            return Set.of(of(of[0]));
        } else if (kind == SortedSet.class) {
            return new TreeSet<>(List.of(of(of[0])));
        } else if (kind == SortedMap.class) {
            SortedMap<Object, Object> map = new TreeMap<>();
            map.put(of(of[0]), of(of[1]));
            return map;
        }
        throw new IllegalArgumentException("no sample of " + kind);
    }

    private Object make(Class<?> kind) {
        RecordComponent[] components = kind.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> of(component.getGenericType()))
                .toArray();
        try {
            Constructor<?> constructor = kind.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + kind, e);
        }
    }

    private <T> T pick(T[] of) {
        return of[last ? of.length - 1 : 0];
    }
}

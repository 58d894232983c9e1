package dev.trimtab.sandbox.wire;

import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the numbers of a message stand for. JSON has some fields directly in an object for which protobuf has a message
 * in between: the name of a ConfigMap in a reference to one of its keys is field 1 of the message that is field 1.
 */
final class MessageLayout {

    /** What one number stands for. */
    sealed interface Slot {}

    record Value(Field field) implements Slot {}

    /** A message whose fields JSON shows in the object around it. */
    record Inlined(MessageLayout message) implements Slot {}

    private final Map<Integer, Slot> slots = new HashMap<>();

    private MessageLayout() {}

    static MessageLayout of(Type.Struct type) {
        MessageLayout layout = new MessageLayout();
        for (Field field : type.fields().values()) {
            layout.add(field, field.numbers());
        }
        return layout;
    }

    private void add(Field field, List<Integer> numbers) {
        if (numbers.size() == 1) {
            slots.put(numbers.get(0), new Value(field));
        } else if (!numbers.isEmpty()) {
            Slot slot = slots.computeIfAbsent(numbers.get(0), number -> new Inlined(new MessageLayout()));
            if (!(slot instanceof Inlined inlined)) {
                throw new IllegalStateException("the number " + numbers.get(0) + " of " + field.name() + " is taken");
            }
            inlined.message().add(field, numbers.subList(1, numbers.size()));
        }
    }

    /** Empty for a number that a newer client knows. */
    Optional<Slot> slot(int number) {
        return Optional.ofNullable(slots.get(number));
    }
}

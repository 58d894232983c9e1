package dev.trimtab.bootstrap.join;

/**
 * What is in the way of one machine.
 *
 * @param text what is wrong
 * @param fix what a person does about it
 */
public record Obstacle(JoinCode code, String text, String fix) {

    @Override
    public String toString() {
        return code.id() + ": " + text;
    }
}

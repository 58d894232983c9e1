package dev.trimtab.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which Trimtab this is, as the jar's manifest says. */
final class Version implements IVersionProvider {

    static String number() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"trimtab " + number()};
    }
}

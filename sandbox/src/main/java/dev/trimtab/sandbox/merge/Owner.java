package dev.trimtab.sandbox.merge;

import java.util.Comparator;

/**
 * Who an entry of managedFields belongs to. An applier is one owner whichever version it applies; an updater is one per
 * version.
 */
record Owner(String manager, Operation operation, String apiVersion, String subresource) {

    /** The operations of managedFields, in the order entries are sorted. */
    enum Operation {
        APPLY("Apply"),
        UPDATE("Update");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static final Comparator<Owner> ORDER = Comparator.comparing(Owner::manager)
            .thenComparing(Owner::operation)
            .thenComparing(Owner::apiVersion)
            .thenComparing(Owner::subresource);

    static Owner applier(String manager, String subresource) {
        return new Owner(named(manager), Operation.APPLY, "", subresource);
    }

    static Owner updater(String manager, String apiVersion, String subresource) {
        return new Owner(named(manager), Operation.UPDATE, apiVersion, subresource);
    }

    private static String named(String manager) {
        return manager.isEmpty() ? "unknown" : manager;
    }

    boolean applies() {
        return operation == Operation.APPLY;
    }

    /** As conflict messages name an owner. */
    @Override
    public String toString() {
        return '"'
                + manager
                + '"'
                + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"')
                + (applies() ? "" : " using " + apiVersion);
    }
}

package dev.trimtab.sync;

/** Hears what a sync has to tell. Called on the sync's thread: must return at once and not throw. */
@FunctionalInterface
public interface SyncListener {

    /** One change of state. */
    void on(String sync, SyncEvent event);
}

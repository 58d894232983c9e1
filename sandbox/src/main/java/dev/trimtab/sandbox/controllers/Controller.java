package dev.trimtab.sandbox.controllers;

/** Brings one object, and what hangs from it, nearer to what it should be. */
interface Controller {

    /**
     * Called on the {@link Loop}'s thread, with any number of changes folded into one call. May throw: the key comes back
     * later.
     */
    void reconcile(Key key);
}

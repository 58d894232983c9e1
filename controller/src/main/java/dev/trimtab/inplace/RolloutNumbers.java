package dev.trimtab.inplace;

/**
 * How many pods to create, delete and update now. Plain arithmetic on counts, with OpenKruise's rules and roundings.
 *
 * @param create pods to create now, of these {@code createOld} at the revision the set comes from
 * @param remove pods too many, of these {@code removeOld} at an old revision
 * @param removeReady how many ready pods may be deleted now; pods that are not ready may always go
 * @param update pods to bring to the wanted revision
 * @param updateBudget pods that may be unavailable while that happens
 */
record RolloutNumbers(
        int create, int createOld, int remove, int removeOld, int removeReady, int update, int updateBudget) {

    /** What is wanted. {@code surge} pods are used only where an update cannot do without. */
    record Wanted(int replicas, int partition, int maxUnavailable, int maxSurge, int scaleMaxUnavailable) {}

    /**
     * Pods at one side of the update.
     *
     * @param pods all that are active
     * @param preparingDelete those on their way out, not counted as active by an update
     * @param toDelete those somebody asked to delete, counted apart from the unavailable ones
     */
    record Side(int pods, int preparingDelete, int toDelete, int unavailable) {

        int updatable() {
            return pods - preparingDelete;
        }
    }

    /** @param surgeHelps false when every pod can be patched within {@code maxUnavailable}: then surge pods are waste */
    static RolloutNumbers of(Wanted wanted, Side older, Side newer, boolean surgeHelps) {
        int pods = older.pods() + newer.pods();
        int unavailable = older.unavailable() + newer.unavailable();
        int toDelete = older.toDelete() + newer.toDelete();

        int oldDiff = Math.max(older.updatable() - wanted.partition(), 0);
        int newDiff = Math.min(newer.updatable() - (wanted.replicas() - wanted.partition()), 0);
        int update = Math.min(oldDiff, -newDiff);

        int deleteSurge = Math.min(Math.max(unavailable + toDelete - wanted.maxUnavailable(), 0), toDelete);
        int updateSurge = surgeHelps ? update : 0;
        int surge = Math.min(wanted.maxSurge(), Math.max(deleteSurge, updateSurge));
        int surgeOld = deleteSurge >= updateSurge ? Math.min(surge, Math.max(deleteSurge - newer.toDelete(), 0)) : 0;

        int missing = Math.max(wanted.replicas() + surge - pods, 0);
        int create = Math.min(missing, Math.max(wanted.scaleMaxUnavailable() - unavailable, 0));
        int createOld = Math.min(create, Math.max(wanted.partition() + surgeOld - older.pods(), 0));

        int remove = Math.max(pods - toDelete - (wanted.replicas() + surge), 0);
        int removeOld =
                Math.min(remove, Math.max(older.pods() - older.toDelete() - (wanted.partition() + surgeOld), 0));
        int removeReady = Math.max(wanted.maxUnavailable() + pods - wanted.replicas() - unavailable, 0);

        return new RolloutNumbers(
                create,
                createOld,
                remove,
                removeOld,
                removeReady,
                update,
                Math.max(wanted.maxUnavailable() + pods - wanted.replicas(), 0));
    }
}

package dev.trimtab.join;

import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.definition.Inventory;

/** Reaches the machines of an inventory. */
@FunctionalInterface
public interface Hosts {

    /**
     * A connection that the caller closes.
     *
     * @throws dev.trimtab.bootstrap.join.HostException when the machine cannot be reached, is another one, or refuses the login
     */
    Host connect(Inventory.Node node);
}

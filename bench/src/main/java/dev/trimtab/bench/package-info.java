/**
 * Measurements behind the numbers in the documentation. Comes in: nothing but this machine. Goes out: a table. It uses what it
 * measures from outside, over sockets, as clients do.
 */
@NullMarked
package dev.trimtab.bench;

import org.jspecify.annotations.NullMarked;

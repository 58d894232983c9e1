/**
 * The command line. Comes in: words and files. Goes out: results on standard output, everything else on standard error, and
 * an exit code. Knows every station and decides nothing itself.
 */
@NullMarked
package dev.trimtab.cli;

import org.jspecify.annotations.NullMarked;

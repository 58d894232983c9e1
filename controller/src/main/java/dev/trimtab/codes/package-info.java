/**
 * The vocabulary of everything a person is told: codes, with what each means. Imports nothing; everyone may import it.
 */
@NullMarked
package dev.trimtab.codes;

import org.jspecify.annotations.NullMarked;

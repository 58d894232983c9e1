package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Problem.Severity;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an import gives.
 *
 * @param documents by the file below the definition's folder that they belong into; none of them holds a secret
 * @param credentials what documents name and must not hold
 * @param findings in the order of the source
 */
public record Imported(SortedMap<String, ObjectNode> documents, List<Credential> credentials, List<Finding> findings) {

    public Imported {
        documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
        credentials = List.copyOf(credentials);
        findings = List.copyOf(findings);
    }

    /** Whether the source could not be read; there are no documents then. */
    public boolean refused() {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }
}

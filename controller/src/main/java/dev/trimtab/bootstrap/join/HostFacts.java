package dev.trimtab.bootstrap.join;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a machine says of itself.
 *
 * @param distribution {@code ID} of os-release
 * @param codename {@code VERSION_CODENAME} of os-release
 * @param machine the processor, as uname calls it
 * @param controlGroups file system type of {@code /sys/fs/cgroup}; {@code cgroup2fs} for version 2
 * @param swap whether it has swap areas
 * @param clockOffset how far its clock is ahead of ours, to the second
 * @param ports that somebody listens on, TCP
 * @param packages installed versions of those that matter
 * @param digests SHA-256 of each file that matters and is there, by absolute path
 * @param hostsFile {@code /etc/hosts}
 * @param markers files and folders that tell where the machine stands and are there
 * @param caHash of the cluster whose credential it holds, {@code sha256:} and hex digits
 */
public record HostFacts(
        String distribution,
        String codename,
        String kernel,
        String machine,
        String controlGroups,
        boolean swap,
        String machineId,
        Set<String> addresses,
        Duration clockOffset,
        Set<Integer> ports,
        SortedMap<String, String> packages,
        SortedMap<String, String> digests,
        String hostsFile,
        Set<String> markers,
        Optional<String> caHash) {

    public HostFacts {
        addresses = Set.copyOf(addresses);
        ports = Set.copyOf(ports);
        packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
        markers = Set.copyOf(markers);
    }
}

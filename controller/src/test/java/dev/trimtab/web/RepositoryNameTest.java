package dev.trimtab.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://forge.example.com/shop/cluster.git",
                "https://forge.example.com/shop/cluster",
                "https://user:token@Forge.example.com:8443/shop/cluster.git/",
                "ssh://git@forge.example.com:2222/shop/cluster.git",
                "git@forge.example.com:shop/cluster.git",
                "forge.example.com:shop/cluster",
                "git://forge.example.com/shop/cluster.git",
            })
    void allWaysToARepositoryAreOne(String address) {
        assertThat(RepositoryName.of(address)).contains(new RepositoryName("forge.example.com", "shop/cluster"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/srv/git/cluster.git", "cluster", "file:///srv/git/cluster.git", "https://forge.example.com"
            })
    void otherAddressesHaveNoForge(String address) {
        assertThat(RepositoryName.of(address)).isEmpty();
    }
}

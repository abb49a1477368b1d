package autark.checks.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.checks.Repository;
import autark.cli.Autark;
import autark.server.config.Configuration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The service of systemd is one, and keeps the server in.
class ServiceTest {
    private static final Pattern ENTRY = Pattern.compile("([A-Za-z]+)=(.*)");
    private static final Map<String, Set<String>> KNOWN =
            Map.of(
                    "Unit", Set.of("Description", "After", "Wants"),
                    "Install", Set.of("WantedBy"),
                    "Service",
                            Set.of(
                                    "CacheDirectory",
                                    "CacheDirectoryMode",
                                    "CapabilityBoundingSet",
                                    "ConfigurationDirectory",
                                    "DynamicUser",
                                    "Environment",
                                    "ExecStart",
                                    "IPAddressAllow",
                                    "IPAddressDeny",
                                    "LimitMEMLOCK",
                                    "LimitNOFILE",
                                    "LockPersonality",
                                    "NoNewPrivileges",
                                    "PrivateDevices",
                                    "PrivateTmp",
                                    "ProtectClock",
                                    "ProtectControlGroups",
                                    "ProtectHome",
                                    "ProtectHostname",
                                    "ProtectKernelLogs",
                                    "ProtectKernelModules",
                                    "ProtectKernelTunables",
                                    "ProtectSystem",
                                    "Restart",
                                    "RestartSec",
                                    "RestrictAddressFamilies",
                                    "RestrictNamespaces",
                                    "RestrictRealtime",
                                    "RestrictSUIDSGID",
                                    "StateDirectory",
                                    "StateDirectoryMode",
                                    "SystemCallArchitectures",
                                    "TimeoutStopSec",
                                    "Type",
                                    "UMask",
                                    "User"));

    @Test
    void itSaysWhatSystemdUnderstands() {
        Map<String, List<String>> unit = unit();
        assertThat(unit)
                .containsEntry("Type", List.of("exec"))
                .containsEntry("Restart", List.of("always"))
                .containsEntry("WantedBy", List.of("multi-user.target"));
        assertThat(Integer.parseInt(only(unit, "RestartSec"))).isLessThanOrEqualTo(2);
        assertThat(Integer.parseInt(only(unit, "TimeoutStopSec"))).isGreaterThan(10);
    }

    @Test
    void itKeepsTheServerIn() {
        assertThat(unit())
                .containsEntry("DynamicUser", List.of("yes"))
                .containsEntry("NoNewPrivileges", List.of("yes"))
                .containsEntry("ProtectSystem", List.of("strict"))
                .containsEntry("CapabilityBoundingSet", List.of(""))
                .containsEntry("IPAddressDeny", List.of("any"))
                .containsEntry("IPAddressAllow", List.of("localhost"))
                .doesNotContainKey("MemoryDenyWriteExecute");
    }

    @Test
    void itStartsTheServerWithSettingsThatThereAre() {
        String[] words = only(unit(), "ExecStart").split(" ", -1);
        List<String> command =
                List.of(words).subList(List.of(words).indexOf("-jar") + 2, words.length);
        assertThat(command).first().isEqualTo("serve");
        Autark.commandLine(Map.of("HOME", "/nowhere")).parseArgs(command.toArray(String[]::new));
        Map<String, String> environment = new HashMap<>();
        for (String variable : unit().getOrDefault("Environment", List.of())) {
            environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        }
        assertThat(environment).containsKeys("XDG_DATA_HOME", "XDG_CACHE_HOME");
        Configuration.of(Map.of(), environment, Optional.empty());
    }

    @Test
    void aKeyThatIsUnknownThereIsSeen() {
        assertThatThrownBy(() -> parse("[Unit]\nDescripton=x\n"))
                .hasMessageContaining("Descripton");
        assertThatThrownBy(() -> parse("[Untit]\n")).hasMessageContaining("Untit");
    }

    private static String only(Map<String, List<String>> unit, String key) {
        List<String> values = unit.getOrDefault(key, List.of());
        assertThat(values).as(key).hasSize(1);
        return values.getFirst();
    }

    private static Map<String, List<String>> unit() {
        return parse(Repository.read(Repository.root().resolve("deploy/autark.service")));
    }

    private static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> entries = new HashMap<>();
        Set<String> known = Set.of();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[") && KNOWN.containsKey(line.substring(1, line.length() - 1))) {
                known = KNOWN.getOrDefault(line.substring(1, line.length() - 1), Set.of());
                continue;
            }
            Matcher entry = ENTRY.matcher(line);
            if (!entry.matches() || !known.contains(entry.group(1))) {
                throw new IllegalArgumentException("found " + line);
            }
            entries.computeIfAbsent(entry.group(1), _ -> new ArrayList<>()).add(entry.group(2));
        }
        return entries;
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.PodSecurity;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.Tests.PodSecurity;

/// <summary>What each rule of the Pod Security Standards refuses, alone.</summary>
public sealed class PodSecurityStandardTests
{
    private const string Hardened =
        """
        {"allowPrivilegeEscalation": false, "runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}
        """;

    [Theory]
    [InlineData("hostNamespaces", """{"hostNetwork": true}""", "spec.hostNetwork is true")]
    [InlineData("hostNamespaces", """{"hostPID": true}""", "spec.hostPID is true")]
    [InlineData("hostNamespaces", """{"hostIPC": true}""", "spec.hostIPC is true")]
    [InlineData("windowsHostProcess", """{"securityContext": {"windowsOptions": {"hostProcess": true}}}""",
        "spec.securityContext.windowsOptions.hostProcess is true")]
    [InlineData("appArmorProfile", """{"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}""",
        "spec.securityContext.appArmorProfile.type is 'Unconfined'")]
    [InlineData("appArmorProfile", """{"securityContext": {"appArmorProfile": {}}}""",
        "spec.securityContext.appArmorProfile.type is not set")]
    [InlineData("seLinuxOptions", """{"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}""",
        "spec.securityContext.seLinuxOptions.type is 'spc_t'")]
    [InlineData("seLinuxOptions", """{"securityContext": {"seLinuxOptions": {"user": "root_u"}}}""",
        "spec.securityContext.seLinuxOptions.user is 'root_u'")]
    [InlineData("seLinuxOptions", """{"securityContext": {"seLinuxOptions": {"role": "sys_r"}}}""",
        "spec.securityContext.seLinuxOptions.role is 'sys_r'")]
    [InlineData("sysctls", """{"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}""",
        "spec.securityContext.sysctls has kernel.msgmax")]
    [InlineData("hostPathVolumes", """{"volumes": [{"name": "s", "hostPath": {"path": "/"}}]}""",
        "spec.volumes[s] is a hostPath volume")]
    public void Baseline_PodField_IsRefusedByItsRule(string rule, string spec, string field) =>
        AssertOnly(rule, field, PodSecurityLevel.Baseline, 37, Pod(spec, "{}"));

    [Theory]
    [InlineData("privileged", """{"securityContext": {"privileged": true}}""", "securityContext.privileged is true")]
    [InlineData("capabilities_baseline", """{"securityContext": {"capabilities": {"add": ["CHOWN", "NET_RAW"]}}}""",
        "securityContext.capabilities.add has 'NET_RAW'")]
    [InlineData("capabilities_baseline", """{"securityContext": {"capabilities": {"add": ["chown"]}}}""",
        "securityContext.capabilities.add has 'chown'")]
    [InlineData("hostPorts", """{"ports": [{"containerPort": 80}, {"containerPort": 81, "hostPort": 8081}]}""",
        "ports has hostPort 8081")]
    [InlineData("hostProbesAndHostLifecycle", """{"livenessProbe": {"tcpSocket": {"port": 1, "host": "10.0.0.1"}}}""",
        "livenessProbe.tcpSocket.host is '10.0.0.1'")]
    [InlineData("hostProbesAndHostLifecycle", """{"lifecycle": {"preStop": {"httpGet": {"port": 1, "host": "h"}}}}""",
        "lifecycle.preStop.httpGet.host is 'h'")]
    [InlineData("procMount", """{"securityContext": {"procMount": "Unmasked"}}""", "securityContext.procMount is 'Unmasked'")]
    [InlineData("seccompProfile_baseline", """{"securityContext": {"seccompProfile": {"type": "Unconfined"}}}""",
        "securityContext.seccompProfile.type is 'Unconfined'")]
    [InlineData("windowsHostProcess", """{"securityContext": {"windowsOptions": {"hostProcess": true}}}""",
        "securityContext.windowsOptions.hostProcess is true")]
    public void Baseline_FieldOfAnyContainer_IsRefusedByItsRule(string rule, string container, string field)
    {
        foreach (var list in (string[])["initContainers", "containers", "ephemeralContainers"])
        {
            AssertOnly(rule, $"spec.{list}[c].{field}", PodSecurityLevel.Baseline, 37, Pod("{}", container, list));
        }
    }

    [Theory]
    [InlineData("allowPrivilegeEscalation", "allowPrivilegeEscalation", "null", "allowPrivilegeEscalation is not set")]
    [InlineData("allowPrivilegeEscalation", "allowPrivilegeEscalation", "true", "allowPrivilegeEscalation is true")]
    [InlineData("runAsNonRoot", "runAsNonRoot", "null", "runAsNonRoot is not set")]
    [InlineData("runAsNonRoot", "runAsNonRoot", "false", "runAsNonRoot is false")]
    [InlineData("runAsUser", "runAsUser", "0", "runAsUser is 0")]
    [InlineData("capabilities_restricted", "capabilities", """{"drop": ["NET_RAW"]}""", "capabilities.drop lacks ALL")]
    [InlineData("capabilities_restricted", "capabilities", """{"drop": ["ALL"], "add": ["CHOWN"]}""",
        "capabilities.add has 'CHOWN'")]
    [InlineData("seccompProfile_restricted", "seccompProfile", "null", "seccompProfile.type is not set")]
    [InlineData("seccompProfile_restricted", "seccompProfile", """{"type": "Unconfined"}""",
        "seccompProfile.type is 'Unconfined'")]
    [InlineData("procMount_restricted", "procMount", "\"Unmasked\"", "procMount is 'Unmasked'")]
    public void Restricted_ContextWithoutOneThing_IsRefusedByItsRule(string rule, string name, string value, string field) =>
        AssertOnly(rule, "spec.containers[c].securityContext." + field, PodSecurityLevel.Restricted, 37,
            Pod("{}", "{\"securityContext\": " + Set(Hardened, name, value) + "}"));

    [Theory]
    [InlineData("nfs")]
    [InlineData("hostPath")]
    [InlineData("gitRepo")]
    [InlineData("somethingNew")]
    public void Restricted_OtherVolume_IsRefused(string source) =>
        AssertOnly("restrictedVolumes", $"spec.volumes[v] is a {source} volume", PodSecurityLevel.Restricted, 37,
            Pod($$"""{"volumes": [{"name": "e"}, {"name": "v", "{{source}}": {} }]}""", $$"""{"securityContext": {{Hardened}} }"""));

    [Theory]
    [InlineData("configMap")]
    [InlineData("csi")]
    [InlineData("downwardAPI")]
    [InlineData("emptyDir")]
    [InlineData("ephemeral")]
    [InlineData("image")]
    [InlineData("persistentVolumeClaim")]
    [InlineData("projected")]
    [InlineData("secret")]
    public void Restricted_VolumeOfTheList_IsAllowed(string source) =>
        Assert.Empty(Judge(PodSecurityLevel.Restricted, 37, Pod(
            $$"""{"volumes": [{"name": "v", "{{source}}": {} }]}""", $$"""{"securityContext": {{Hardened}} }""")));

    [Theory]
    [InlineData("hostProbesAndHostLifecycle", 34, "{}", """{"startupProbe": {"httpGet": {"port": 1, "host": "h"}}}""")]
    [InlineData("runAsUser", 23, "{}", """{"securityContext": {"runAsUser": 0}}""")]
    [InlineData("capabilities_restricted", 22, "{}", """{"securityContext": {}}""")]
    [InlineData("seccompProfile_restricted", 19, "{}", "{}")]
    [InlineData("allowPrivilegeEscalation", 8, "{}", "{}")]
    public void Rule_BeforeItsRelease_RefusesNothing(string rule, int since, string spec, string container)
    {
        var pod = Pod(spec, container);

        Assert.DoesNotContain(Judge(PodSecurityLevel.Restricted, since - 1, pod), found => found.Rule == rule);
        Assert.Contains(Judge(PodSecurityLevel.Restricted, since, pod), found => found.Rule == rule);
    }

    [Theory]
    [InlineData("net.ipv4.ip_local_reserved_ports", 27)]
    [InlineData("net.ipv4.tcp_fin_timeout", 29)]
    [InlineData("net.ipv4.tcp_rmem", 32)]
    [InlineData("net.ipv4.tcp_notsent_lowat", 37)]
    public void Sysctl_OfALaterRelease_IsAllowedFromThereOn(string name, int since)
    {
        var pod = Pod($$$"""{"securityContext": {"sysctls": [{"name": "{{{name}}}"}]}}""", "{}");

        Assert.Single(Judge(PodSecurityLevel.Baseline, since - 1, pod));
        Assert.Empty(Judge(PodSecurityLevel.Baseline, since, pod));
    }

    [Fact]
    public void SeLinuxEngineType_Since131_IsAllowed()
    {
        var pod = Pod("""{"securityContext": {"seLinuxOptions": {"type": "container_engine_t"}}}""", "{}");

        Assert.Single(Judge(PodSecurityLevel.Baseline, 30, pod));
        Assert.Empty(Judge(PodSecurityLevel.Baseline, 31, pod));
    }

    [Fact]
    public void UserNamespace_Since135_FreesFromTheRulesAboutRoot()
    {
        var context = Set(Set(Hardened, "runAsNonRoot", "null"), "runAsUser", "0");
        var pod = Pod("""{"hostUsers": false}""", $$"""{"securityContext": {{context}} }""");

        Assert.Equal(["runAsNonRoot", "runAsUser"], Judge(PodSecurityLevel.Restricted, 34, pod).Select(found => found.Rule));
        Assert.Empty(Judge(PodSecurityLevel.Restricted, 35, pod));
    }

    [Fact]
    public void WindowsPod_Since125_IsFreeOfLinuxRules()
    {
        var pod = Pod("""{"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": true}}""", "{}");

        Assert.Equal(["allowPrivilegeEscalation", "seccompProfile_restricted", "capabilities_restricted"],
            Judge(PodSecurityLevel.Restricted, 24, pod).Select(found => found.Rule));
        Assert.Empty(Judge(PodSecurityLevel.Restricted, 25, pod));
    }

    [Fact]
    public void PodContext_ForAllContainers_IsEnough() =>
        Assert.Empty(Judge(PodSecurityLevel.Restricted, 37, Pod(
            """{"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "Localhost", "localhostProfile": "p"}}}""",
            """{"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}}""")));

    [Theory]
    [InlineData("unconfined", false)]
    [InlineData("runtime/default", true)]
    [InlineData("localhost/mine", true)]
    public void AppArmorAnnotation_Value_IsJudged(string value, bool isAllowed)
    {
        var pod = JsonElement.Parse($$$"""
            {"metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/c": "{{{value}}}"}},
             "spec": {"containers": [{"name": "c"}]}}
            """);

        Assert.Equal(isAllowed, Judge(PodSecurityLevel.Baseline, 37, pod).IsEmpty);
    }

    [Theory]
    [InlineData(null, null, null, "privileged (1.37)")]
    [InlineData("baseline", null, null, "baseline (1.37)")]
    [InlineData("baseline", "latest", "1.30", "baseline (1.30)")]
    [InlineData("restricted", "v1.25", "1.30", "restricted (1.25)")]
    [InlineData("restricted", "v1.99", null, "restricted (1.37)")]
    [InlineData("Restricted", "nonsense", "1.30", "restricted (1.30)")]
    public void Standard_OfANamespacesLabels_IsAsInTheAdmission(string? level, string? version, string? cluster, string expected)
    {
        var labels = ImmutableDictionary<string, string>.Empty;
        labels = level is null ? labels : labels.Add(WellKnown.PodSecurityLabel, level);
        labels = version is null ? labels : labels.Add(WellKnown.PodSecurityVersionLabel, version);

        Assert.Equal(expected, PodSecurityStandard.Of(labels, KubernetesVersion.TryParse(cluster ?? "")).ToString());
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{"spec": []}""")]
    [InlineData("""{"spec": {"containers": [1, null, {"securityContext": 3, "ports": [7]}], "volumes": [5, {}]}, "metadata": {"annotations": 1}}""")]
    public void Pod_OfAnyShape_IsJudgedWithoutAFault(string pod) =>
        Judge(PodSecurityLevel.Restricted, 37, JsonElement.Parse(pod));

    private static void AssertOnly(string rule, string field, PodSecurityLevel level, int minor, JsonElement pod)
    {
        var found = Assert.Single(Judge(level, minor, pod));
        Assert.Equal((rule, field), (found.Rule, Assert.Single(found.Fields)));
        Assert.NotEmpty(found.Allowed);
    }

    private static ImmutableArray<PodSecurityViolation> Judge(PodSecurityLevel level, int minor, JsonElement pod) =>
        new PodSecurityStandard(level, new(1, minor)).Violations(pod);

    private static JsonElement Pod(string spec, string container, string list = "containers")
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(spec)!.AsObject();
        var judged = System.Text.Json.Nodes.JsonNode.Parse(container)!.AsObject();
        judged["name"] = "c";
        json[list] = new System.Text.Json.Nodes.JsonArray(judged);
        return JsonElement.Parse($$"""{"spec": {{json.ToJsonString()}} }""");
    }

    private static string Set(string context, string name, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(context)!.AsObject();
        json[name] = System.Text.Json.Nodes.JsonNode.Parse(value);
        return json.ToJsonString();
    }
}

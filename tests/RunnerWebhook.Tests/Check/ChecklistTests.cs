using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.Check;
using RunnerWebhook.Cli;
using RunnerWebhook.Core.Exporting;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tests.Serve;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Check;

/// <summary>What is said of each state of a cluster.</summary>
public sealed class ChecklistTests
{
    private static readonly ClusterSnapshot Healthy = Snapshots.Healthy;

    private static string Issuer => TrustBundle.Read(Healthy.Certificate.Or("")).Certificates[0].Issuer;

    [Fact]
    public void Cluster_InWhichAllIsWell_PassesEveryCheck()
    {
        var results = Checklist.Run(Healthy);

        Assert.Equal(Checklist.Names, results.Select(result => result.Check));
        Assert.All(results, result => Assert.Equal(CheckState.Passed, result.State));
    }

    [Fact]
    public void Server_ThatDoesNotAnswer_IsTheOnlyLine()
    {
        var lines = Lines(new ClusterSnapshot
        {
            Now = Snapshots.Now,
            Source = "context test",
            Scope = Healthy.Scope,
            Version = new Reading<string>.Unread("the API server can't be reached: Connection refused"),
        });

        Assert.Equal(["Failed api: the API server can't be reached: Connection refused"], lines);
    }

    [Fact]
    public void Policies_WithoutWebhook_AreJudgedInItsPlace()
    {
        var results = Checklist.Run(WithPolicies(Healthy) with { Registration = new Reading<JsonElement>.Missing() });

        Assert.Contains(results, result => result is { Check: "policies", State: CheckState.Passed });
        Assert.DoesNotContain(results, result => result.Check is "registration" or "deployment" or "certificate" or "reachable");
    }

    [Fact]
    public void Policies_WithWebhook_AreFine() => Assert.All(Checklist.Run(WithPolicies(Healthy)),
        result => Assert.Equal(CheckState.Passed, result.State));

    [Fact]
    public void Policies_NotBound_AreFound()
    {
        var lines = Lines(WithPolicies(Healthy) with
        {
            MutatingBindings = new Reading<ImmutableArray<JsonElement>>.Found([]),
        });

        Assert.Contains("Failed policies: MutatingAdmissionPolicy mine has no binding: it injects nothing", lines);
    }

    [Fact]
    public void Policies_OfAnotherConfiguration_AreFound()
    {
        var other = WithPolicies(Healthy, RunnerConfiguration.BuiltIn with { DaemonSets = DaemonSetInjection.Pods });

        Assert.Contains(Lines(other), line => line.StartsWith(
            "Warning policies: MutatingAdmissionPolicy mine is not the one that ", StringComparison.Ordinal));
    }

    private static ClusterSnapshot WithPolicies(ClusterSnapshot snapshot, RunnerConfiguration? configuration = null)
    {
        var objects = AdmissionPolicies.Of(configuration ?? snapshot.Configuration.Injector!.Configuration, ProgramVersion.Text, "mine");
        return snapshot with
        {
            MutatingPolicies = Of("MutatingAdmissionPolicy"),
            MutatingBindings = Of("MutatingAdmissionPolicyBinding"),
            Policies = Reading.Found(snapshot.Policies.Or([]).AddRange(Of("ValidatingAdmissionPolicy").Or([]))),
            Bindings = Reading.Found(snapshot.Bindings.Or([]).AddRange(Of("ValidatingAdmissionPolicyBinding").Or([]))),
        };

        Reading<ImmutableArray<JsonElement>> Of(string kind) => Reading.Found<ImmutableArray<JsonElement>>(
            [.. objects.Where(policy => (string)policy["kind"]! == kind).Select(policy => JsonText.ToElement(policy))]);
    }

    [Fact]
    public void Registration_Missing_IsFoundOnce() =>
        Differs(Healthy with { Registration = new Reading<JsonElement>.Missing() }, "registration", "caBundle", "reachable")
            .Is("Failed registration: there is no MutatingWebhookConfiguration runner-webhook: the API server calls no webhook, and "
                + "labelled workloads start without a runner");

    [Fact]
    public void Registration_Drifted_NamesWebhookFieldAndBothValues() => Differs(Healthy with
    {
        Registration = Snapshots.Registration(Snapshots.AuthorityPem, hooks =>
        {
            hooks[0]!["failurePolicy"] = "Ignore";
            hooks[0]!["rules"]![0]!["operations"] = new JsonArray("CREATE");
            hooks[1]!["clientConfig"]!["service"]!["path"] = "/inject";
        }),
    }, "registration").Is(
        "Warning registration: failurePolicy of daemonsets.runner-webhook.local is Ignore, shipped is Fail",
        "Failed registration: rules of daemonsets.runner-webhook.local is "
            + """[{"apiGroups":["apps"],"apiVersions":["v1"],"resources":["daemonsets"],"operations":["CREATE"],"scope":"Namespaced"}], shipped is """
            + """[{"apiGroups":["apps"],"apiVersions":["v1"],"resources":["daemonsets"],"operations":["CREATE","UPDATE"],"scope":"Namespaced"}]""",
        "Failed registration: pods.runner-webhook.local is called at path '/inject', where no webhook is");

    [Fact]
    public void Registration_WithoutOneWebhook_NamesIt() =>
        Differs(Healthy with { Registration = Snapshots.Registration(Snapshots.AuthorityPem, hooks => hooks.RemoveAt(1)) }, "registration")
            .Is("Failed registration: MutatingWebhookConfiguration runner-webhook has no webhook pods.runner-webhook.local");

    [Theory]
    [InlineData(0, "0.1.0", "Failed deployment: Deployment runner-webhook/runner-webhook: 0 of 2 replicas ready (w:0.1.0)")]
    [InlineData(1, "0.1.0", "Warning deployment: Deployment runner-webhook/runner-webhook: 1 of 2 replicas ready (w:0.1.0)")]
    [InlineData(2, "v0.2.0", "Warning deployment: Deployment runner-webhook/runner-webhook runs version v0.2.0, and this program is 0.1.0")]
    [InlineData(2, "latest")]
    public void Deployment_InAnyState_IsTold(int ready, string tag, params string[] expected) =>
        Differs(Healthy with { Deployment = Snapshots.Deployment(ready, "w:" + tag) }, "deployment")
            .Contains(expected);

    [Fact]
    public void Certificate_Expired_IsFoundWithTheHintOfWhoeverMakesIt() => Differs(Healthy with
    {
        Certificate = Reading.Found(Snapshots.Serving(Snapshots.Now.AddDays(-91), TimeSpan.FromDays(90))),
    }, "certificate").Is("Failed certificate: the certificate in Secret runner-webhook/runner-webhook-tls expired at 2026-11-23 12:00:00Z",
        "→ make a new one and its CA: runner-webhook certs -n runner-webhook | kubectl apply --server-side -f -");

    [Fact]
    public void Certificate_WhoseRenewalIsOverdue_IsWarnedAbout() => Differs(Healthy with
    {
        Certificate = Reading.Found(Snapshots.Serving(Snapshots.Now.AddDays(-80), TimeSpan.FromDays(90))),
    }, "certificate").Is("Warning certificate: the certificate in Secret runner-webhook/runner-webhook-tls is valid until "
        + "2026-12-04 12:00:00Z: its renewal is overdue");

    [Fact]
    public void Certificate_ForAnotherName_IsFound() => Differs(Healthy with
    {
        Certificate = Reading.Found(Snapshots.Serving(Snapshots.Now, TimeSpan.FromDays(90), "localhost")),
    }, "certificate").Is("Failed certificate: the certificate in Secret runner-webhook/runner-webhook-tls is not for "
        + "runner-webhook.runner-webhook.svc, the name that the API server asks for");

    [Theory]
    [InlineData("", "Failed certificate: there is no Secret runner-webhook/runner-webhook-tls with a tls.crt")]
    [InlineData("garbage", "Failed certificate: tls.crt of Secret runner-webhook/runner-webhook-tls holds no certificate in PEM")]
    public void Certificate_MissingOrBroken_IsFound(string pem, string expected) =>
        Differs(Healthy with { Certificate = pem.Length > 0 ? Reading.Found(pem) : new Reading<string>.Missing() }, "certificate").Is(expected);

    [Fact]
    public void CaBundle_OfAnotherAuthority_IsFound() => Differs(Healthy with
    {
        Registration = Snapshots.Registration(Snapshots.OtherAuthority(Snapshots.Now, TimeSpan.FromDays(10))),
    }, "caBundle").Is("Failed caBundle: daemonsets.runner-webhook.local and pods.runner-webhook.local: caBundle doesn't verify the "
        + $"certificate in Secret runner-webhook/runner-webhook-tls (its issuer '{Issuer}' is not among the trusted certificates)");

    [Fact]
    public void CaBundle_OfTwoAuthorities_VerifiesDuringARotation() => Differs(Healthy with
    {
        Registration = Snapshots.Registration(Snapshots.OtherAuthority(Snapshots.Now, TimeSpan.FromDays(10)) + "\n" + Snapshots.AuthorityPem),
    }).Is();

    [Fact]
    public void CaBundle_EmptyBrokenOrExpired_IsFound()
    {
        Differs(Healthy with { Registration = Snapshots.Registration("") }, "caBundle")
            .Contains("Failed caBundle: daemonsets.runner-webhook.local and pods.runner-webhook.local: caBundle is empty: the API server "
                + "trusts no certificate of the webhook");
        Differs(Healthy with { Registration = Snapshots.Registration("garbage") }, "caBundle")
            .Contains("Failed caBundle: daemonsets.runner-webhook.local and pods.runner-webhook.local: caBundle holds no certificate in PEM");
        Differs(Healthy with
        {
            Registration = Snapshots.Registration(Snapshots.OtherAuthority(Snapshots.Now.AddDays(-20), TimeSpan.FromDays(10))),
        }, "caBundle").Contains("Failed caBundle: daemonsets.runner-webhook.local and pods.runner-webhook.local: the CA in caBundle expired "
            + "at 2026-11-14 12:00:00Z");
    }

    [Fact]
    public void CaBundle_WithoutTheSecret_IsProvenByTheServersOwnCall()
    {
        var unread = Healthy with { Certificate = new Reading<string>.Unread("it needs the right to get secrets/runner-webhook-tls") };

        Differs(unread, "certificate", "caBundle").Is("Unknown certificate: the certificate in Secret runner-webhook/runner-webhook-tls "
            + "could not be checked: it needs the right to get secrets/runner-webhook-tls");
        Differs(unread with { Probe = new Reading<ApiStatus>.Unread("it needs the right to create pods") }, "certificate", "caBundle", "reachable")
            .Contains("Unknown caBundle: whether caBundle of daemonsets.runner-webhook.local and pods.runner-webhook.local verifies the "
                + "serving certificate could not be checked: it needs the right to get secrets/runner-webhook-tls");
    }

    [Theory]
    [InlineData("connect: connection refused", "→ nothing listens there: see deployment above")]
    [InlineData("x509: certificate signed by unknown authority", "→ caBundle doesn't verify the serving certificate")]
    [InlineData("x509: certificate has expired or is not yet valid", "→ the serving certificate has expired")]
    [InlineData("context deadline exceeded", "→ something between the API server and the replicas drops packets: a NetworkPolicy, or a "
        + "firewall of the control plane, which has to reach port 8443 of the pods")]
    [InlineData("something new", "→ kubectl describe mutatingwebhookconfiguration runner-webhook")]
    public void Call_ThatFailed_ShowsTheServersMessageAndAHint(string message, string hint) =>
        Differs(Healthy with { Probe = Reading.Found(new ApiStatus(500, "InternalError", message, [])) }, "reachable")
            .Is("Failed reachable: " + message, hint);

    [Fact]
    public void Call_ThatFailedForAReasonSeenElsewhere_LeadsThere()
    {
        var failed = Healthy with { Probe = Reading.Found(new ApiStatus(500, "InternalError", "dial tcp", [])) };

        Differs(failed with { Registration = Snapshots.Registration("") }, "caBundle", "reachable").Contains("→ see caBundle above");
        Differs(failed with { Certificate = new Reading<string>.Missing() }, "certificate", "caBundle", "reachable").Contains("→ see certificate above");
        Differs(failed with { Endpoints = Reading.Found<ImmutableArray<JsonElement>>([JsonElement.Parse("""{"endpoints":null}""")]) }, "reachable").Contains(
            "→ Service runner-webhook/runner-webhook has no ready replica: see deployment above");
    }

    [Fact]
    public void Call_ThatWasNotMade_IsFound()
    {
        var unasked = Healthy with { Probe = Reading.Found(new ApiStatus(422, "Invalid", "spec.containers: Required value", [])) };

        Differs(unasked, "reachable").Is("Failed reachable: the API server takes a labelled Pod in namespace default without asking the webhook");
        Differs(unasked with { Scope = new("runner-webhook", null, "team-a") }, "reachable")
            .Contains("Failed reachable: the API server takes a labelled Pod in namespace team-a without asking the webhook");
        Differs((unasked with { Scope = new("runner-webhook", null, "team-a") }).WithNamespace(("runner-webhook/injection", "disabled")), "reachable")
            .Is("Unknown reachable: whether the API server reaches the webhook could not be checked: namespaceSelector of the registration "
                + "excludes namespace team-a; name another with -n");
    }

    [Fact]
    public void DaemonSet_Bare_IsFoundWithTheCommandThatHelps() =>
        Differs(Healthy.With(SampleObjects.DaemonSet()), "injected").Is("Failed injected: DaemonSet team-a/runner is labelled, but has no runner",
            "→ it was created while the webhook was not called; kubectl rollout restart daemonset/runner -n team-a");

    /// <summary>Nothing else about it matters: neither a Secret nor a lower Pod Security level would bring it a runner.</summary>
    [Theory]
    [InlineData("kubernetes.io/metadata.name", "runner-webhook", "→ namespaceSelector of the registration excludes namespace team-a: "
        + "move the workload to another namespace")]
    [InlineData("runner-webhook/injection", "disabled", "→ namespaceSelector of the registration excludes namespace team-a: remove the "
        + "namespace's label (kubectl label namespace team-a runner-webhook/injection-), or move the workload to another namespace")]
    public void DaemonSet_InAnExcludedNamespace_IsFoundWithTheWayOut(string label, string value, string hint) =>
        Differs(Healthy.WithNamespace((label, value), ("pod-security.kubernetes.io/enforce", "restricted"))
                .WithToken(new Reading<TokenKeys>.Missing()).With(SampleObjects.DaemonSet()), "injected")
            .Is("Failed injected: DaemonSet team-a/runner is labelled, but has no runner", hint);

    [Fact]
    public void DaemonSet_WithoutSomeOfItsPieces_IsFound()
    {
        var json = Snapshots.Injected(SampleObjects.DaemonSet());
        json["spec"]!["template"]!["spec"]!["volumes"]!.AsArray().RemoveAt(1);

        Differs(Healthy.With(json), "injected").Is("Failed injected: DaemonSet team-a/runner lacks pieces of its runner");
    }

    [Fact]
    public void Pod_BareAndRefusedToday_TellsWhy()
    {
        var pod = SampleObjects.Pod();
        pod["spec"]!["containers"]![0]!["name"] = "a";
        pod["spec"]!["containers"]!.AsArray().Add(new JsonObject { ["name"] = "b", ["image"] = "b" });

        Differs(Healthy.With(pod), "injected").Contains("Failed injected: Pod team-a/runner is labelled, but has no runner, and would be refused "
            + "today: Pod team-a/runner: none of the containers (a, b) is named gitlab-runner: rename the runner's container, or name it in the "
            + "annotation gitlab-runner/container");
    }

    [Fact]
    public void Pods_OfADeployment_AreOneLine()
    {
        var pods = Enumerable.Range(0, 3).Select(i =>
        {
            var pod = SampleObjects.Pod().OwnedBy("ReplicaSet", "ci-5d4f", "5d4f");
            pod["metadata"]!["name"] = $"ci-5d4f-{i}";
            return pod;
        });

        Differs(Healthy.With([.. pods]), "injected").Is("Failed injected: Deployment team-a/ci: 3 of its pods are labelled, but have no runner",
            "→ it was created while the webhook was not called; kubectl rollout restart deployment/ci -n team-a");
    }

    [Fact]
    public void Workloads_FinishedByHandOrDeleted_AreNoLine()
    {
        var seed = YamlFile.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Tests, "seed", "daemonset.yaml")), out _)!.Documents[0].Json;
        var byHand = JsonNode.Parse(seed.GetRawText())!.AsObject();
        byHand["metadata"]!["labels"] = new JsonObject { ["gitlab-runner"] = "inject" };
        var deleted = SampleObjects.Pod();
        deleted["metadata"]!["deletionTimestamp"] = "2026-11-24T12:00:00Z";

        var lines = Lines(Healthy.With(byHand, deleted));

        Assert.Contains("Passed injected: each of 1 labelled workloads in all namespaces has its runner (1 registered by hand)", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("Failed", StringComparison.Ordinal));
    }

    [Fact]
    public void DaemonSet_Outdated_IsFoundWithBothRevisions()
    {
        var old = CheckedConfiguration.Read("a", "a", File.ReadAllText(SampleObjects.ConfigFile).Replace("docker:27", "docker:26", StringComparison.Ordinal));

        Differs(Healthy.With(Snapshots.Injected(SampleObjects.DaemonSet(), old.Injector)), "outdated").Is(
            $"Warning outdated: DaemonSet team-a/runner has revision {Revision(old)}, today's settings have "
                + Revision(Snapshots.Configuration), "→ kubectl rollout restart daemonset/runner -n team-a");
    }

    private static string Revision(CheckedConfiguration configuration) =>
        ConfigurationWriter.Revision(configuration.Injector!.Configuration.Default);

    [Fact]
    public void DaemonSet_RefusedToday_IsFound()
    {
        var strict = CheckedConfiguration.Read("a", "a", File.ReadAllText(SampleObjects.ConfigFile) + "policy: [{namespaces: [other]}]\n");

        var lines = Lines((Healthy with { Configuration = strict }).With(Snapshots.Injected(SampleObjects.DaemonSet())));

        Assert.Contains(lines, line => line.StartsWith("Warning outdated: DaemonSet team-a/runner runs with revision ", StringComparison.Ordinal)
            && line.EndsWith("but would be refused today: DaemonSet team-a/runner: no rule of the policy matches namespace 'team-a': ask the "
                + "platform team to add one", StringComparison.Ordinal));
    }

    [Fact]
    public void DaemonSet_WhosePodsAreBehind_IsFound()
    {
        var json = Snapshots.Injected(SampleObjects.DaemonSet());
        json["status"] = new JsonObject { ["desiredNumberScheduled"] = 5, ["numberReady"] = 5, ["currentNumberScheduled"] = 5, ["updatedNumberScheduled"] = 3 };

        Differs(Healthy.With(json), "outdated").Is("Warning outdated: DaemonSet team-a/runner: 2 of its pods are of an older template");
    }

    [Fact]
    public void Label_OnADeploymentItself_NamesTheFieldToMoveItTo()
    {
        var deployment = SampleObjects.DaemonSet();
        deployment["kind"] = "Deployment";
        var moved = deployment.DeepClone().AsObject();
        moved["spec"]!["template"]!["metadata"]!["labels"]!["gitlab-runner"] = "inject";

        Differs(Healthy.With(deployment), "labels").Is("Failed labels: Deployment team-a/runner has the label at "
            + "metadata.labels.gitlab-runner, where it has no effect: in a Deployment, only the pod template is injected",
            "→ move it to spec.template.metadata.labels.gitlab-runner");
        Differs(Healthy.With(moved)).Is();
    }

    [Fact]
    public void Label_WithAnotherValueOrOnANamespace_IsWarnedAbout()
    {
        var pod = SampleObjects.Pod();
        pod["metadata"]!["labels"]!["gitlab-runner"] = "true";

        Differs(Healthy.With(pod).WithNamespace(("gitlab-runner", "inject")), "labels").Is(
            "Warning labels: Pod team-a/runner: label gitlab-runner is 'true', which has no effect",
            "→ the value that asks for a runner is inject",
            "Warning labels: Namespace team-a has the label gitlab-runner, which has no effect there");
    }

    [Fact]
    public void Token_MissingSecretOrKey_IsFound()
    {
        Differs(Healthy.WithToken(new Reading<TokenKeys>.Missing()), "tokens").Is(
            "Failed tokens: there is no Secret team-a/gitlab-runner-token, from which DaemonSet team-a/runner takes its token");
        Differs(Healthy.WithToken(Reading.Found(new TokenKeys(["Token"], null))), "tokens").Is("Failed tokens: Secret team-a/gitlab-runner-token has no key token, or an "
            + "empty one, from which DaemonSet team-a/runner takes its token",
            "→ its keys are Token: put the token into token, or name the right one in the annotation gitlab-runner/token-secret-key");
        Differs(Healthy.WithToken(new Reading<TokenKeys>.Unread("it needs the right to get secrets")), "tokens").Is("Unknown tokens: Secret "
            + "team-a/gitlab-runner-token, which DaemonSet team-a/runner needs, could not be checked: it needs the right to get secrets");
    }

    [Fact]
    public void PodSecurity_Restricted_NamesWhatItRefuses() =>
        Differs(Healthy.WithNamespace(("pod-security.kubernetes.io/enforce", "restricted")), "podSecurity").Is(
            "Failed podSecurity: namespace team-a enforces Pod Security level restricted (1.31), which refuses the pods of DaemonSet team-a/runner: "
                + "spec.volumes[docker-socket] is a hostPath volume (allowed: configMap, csi, downwardAPI, emptyDir, ephemeral, image, "
                + "persistentVolumeClaim, projected, secret); spec.initContainers[init-runner].securityContext.allowPrivilegeEscalation "
                + "is not set and 1 more (allowed: false); spec.initContainers[init-runner].securityContext.runAsNonRoot is not set and 1 "
                + "more (allowed: true, on the pod or on every container); spec.initContainers[init-runner].securityContext.seccompProfile"
                + ".type is not set and 1 more (allowed: RuntimeDefault or Localhost, on the pod or on every container); "
                + "spec.initContainers[init-runner].securityContext.capabilities.drop lacks ALL and 1 more (allowed: drop: [ALL], and add "
                + "nothing but NET_BIND_SERVICE)");

    [Fact]
    public void PodSecurity_OfABareWorkload_IsJudgedWithWhatWouldBeInjected() =>
        Differs(Healthy.WithNamespace(("pod-security.kubernetes.io/enforce", "baseline")).With(SampleObjects.DaemonSet()), "injected", "podSecurity")
            .Contains("Failed podSecurity: namespace team-a enforces Pod Security level baseline (1.31), which refuses the pods of DaemonSet "
                + "team-a/runner: spec.volumes[docker-socket] is a hostPath volume (allowed: no hostPath volume)");

    [Fact]
    public void PodSecurity_BeforeItWasEnforced_IsAWarning() =>
        Differs((Healthy with { Version = Reading.Found("v1.20.2") }).WithNamespace(("pod-security.kubernetes.io/enforce", "baseline")), "podSecurity")
            .Contains("Warning podSecurity: namespace team-a enforces Pod Security level baseline (1.20), which refuses the pods of DaemonSet "
                + "team-a/runner: spec.volumes[docker-socket] is a hostPath volume (allowed: no hostPath volume) (from Kubernetes 1.23 on; this is v1.20.2)");

    [Fact]
    public void Configuration_WithMistakes_ListsThemAndLeavesOutWhatNeedsIt() => Differs(Healthy with
    {
        Configuration = CheckedConfiguration.Read("ConfigMap a/b", "ConfigMap a/b config.yaml", "apiVersion: x\n"),
    }, "configuration", "outdated", "tokens").Contains(
        "Failed configuration: ConfigMap a/b config.yaml:1:13: apiVersion: is 'x', but must be runner-webhook/v1",
        "Unknown outdated: whether workloads are outdated could not be checked: the configuration is not at hand",
        "Unknown tokens: token Secrets could not be checked: the configuration is not at hand");

    [Fact]
    public void Rights_ThatAreMissing_AreNamedAndNothingFails()
    {
        const string needs = "it needs the right to do that";
        var poor = (Healthy with
        {
            Registration = new Reading<JsonElement>.Unread(needs),
            Deployment = new Reading<JsonElement>.Unread(needs),
            Certificate = new Reading<string>.Unread(needs),
            Policies = new Reading<ImmutableArray<JsonElement>>.Unread(needs),
            MutatingPolicies = new Reading<ImmutableArray<JsonElement>>.Unread(needs),
            Nodes = new Reading<ImmutableArray<JsonElement>>.Unread(needs),
            Configuration = new("ConfigMap a/b", null, needs, []),
            Probe = new Reading<ApiStatus>.Unread(needs),
            Namespaces = new Reading<ImmutableDictionary<string, RunnerWebhook.Core.Workloads.NamespaceMetadata>>.Unread(needs),
        });
        poor = poor with { Workloads = [], Pods = [], Objects = [.. poor.Objects.Select(objects => objects with { Items = new Reading<ImmutableArray<JsonElement>>.Unread(needs) })] };

        var results = Checklist.Run(poor);

        Assert.Equal(["api"], results.Where(result => result.State == CheckState.Passed).Select(result => result.Check));
        Assert.Equal(Checklist.Names.Except(["api", "caBundle", "running"]), results.Where(result => result.State == CheckState.Unknown)
            .Select(result => result.Check).Distinct());
        Assert.DoesNotContain(results, result => result.State is CheckState.Failed or CheckState.Warning);
    }

    [Fact]
    public void Report_OfManyLines_IsCutForPeopleAndWholeForPrograms()
    {
        ImmutableArray<CheckResult> results =
        [
            CheckResult.Pass("api", "answers"),
            .. Enumerable.Range(0, 30).Select(i => CheckResult.Fail("injected", $"Pod {i}\nis bare", "restart")),
            CheckResult.Skip("tokens", "Secrets", "it needs rights"),
        ];

        var table = CheckOutput.Table(results);
        var json = JsonNode.Parse(CheckOutput.Json(results))!["checks"]!.AsArray();

        Assert.StartsWith("✓ api            answers\n✗ injected       Pod 0 is bare\n                 → restart\n", table);
        Assert.Contains("\n✗ injected       … and 10 more: -o json shows all\n? tokens         Secrets could not be checked: it needs rights\n", table);
        Assert.EndsWith("\n1 fine, 30 failed, 0 to look at, 1 could not be checked\n", table);
        Assert.Equal(32, json.Count);
        Assert.Equal("""{"check":"injected","state":"failed","sentence":"Pod 29\nis bare","hint":"restart"}""", json[30]!.ToJsonString());
    }

    private static string[] Lines(ClusterSnapshot snapshot) =>
        [.. Checklist.Run(snapshot).Select(result => $"{result.State} {result.Check}: {result.Sentence}")];

    // The lines of the named checks, where all others pass; hints begin with an arrow.
    private static Found Differs(ClusterSnapshot snapshot, params string[] checks)
    {
        var results = Checklist.Run(snapshot);
        Assert.DoesNotContain(results, result => result.State != CheckState.Passed && !checks.Contains(result.Check));
        return new([.. results.Where(result => result.State != CheckState.Passed)]);
    }

    private sealed record Found(ImmutableArray<CheckResult> Results)
    {
        private IEnumerable<string> Lines => Results.SelectMany(result =>
            new[] { $"{result.State} {result.Check}: {result.Sentence}", "→ " + result.Hint });

        public void Contains(params string[] expected) =>
            Assert.All(expected, line => Assert.True(Lines.Contains(line), $"{line}\nis not among\n{string.Join('\n', Lines)}"));

        // Without an arrow among the expected lines, hints don't count.
        public void Is(params string[] expected)
        {
            Assert.Equal(expected.Where(line => line[0] != '→'), Lines.Where(line => line[0] != '→'));
            Contains(expected);
            Assert.All(Results, result => Assert.True(result.Hint.Length > 0 || result.State == CheckState.Unknown, result.Sentence));
        }
    }
}

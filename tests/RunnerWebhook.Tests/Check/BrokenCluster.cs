using System.Text.Json.Nodes;
using static RunnerWebhook.Tests.Check.HealthyCluster;

namespace RunnerWebhook.Tests.Check;

/// <summary>A way in which a cluster is broken.</summary>
/// <param name="Check">The check that finds it first.</param>
/// <param name="Cause">What the first line that is not fine begins with.</param>
/// <param name="Hint">What its hint contains.</param>
/// <param name="Break">Breaks the healthy cluster.</param>
/// <param name="Cure">Does what the hint says.</param>
internal sealed record BrokenCluster(string Check, string Cause, string Hint, Action<FakeCluster> Break, Action<FakeCluster> Cure)
{
    private const string Waiting = """{"waiting":{"reason":"PodInitializing"}}""";
    private const string Restart = "kubectl rollout restart daemonset/runner -n team-a";
    private const string ContainerCreating =
        """{"phase":"Pending","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"runner-webhook","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}}}]}""";

    private const string Certificate = "apis/cert-manager.io/v1/namespaces/runner-webhook/certificates/runner-webhook";

    /// <summary>All, by what is broken.</summary>
    public static Dictionary<string, BrokenCluster> All { get; } = new(StringComparer.Ordinal)
    {
        ["nodes without Docker"] = new("running", "5 of 5 nodes run containerd and have no /var/run/docker.sock: 1 of 1 pods of DaemonSet team-a/runner",
            "kubectl annotate daemonset/runner -n team-a gitlab-runner/engine=dind --overwrite; " + Restart, cluster =>
            {
                foreach (var name in (string[])["n1", "n2", "n3", "n4", "n5"])
                {
                    cluster.Put($"api/v1/nodes/{name}", Snapshots.Node(name, "containerd://2.1.9").GetRawText());
                }

                Init(cluster, Waiting);
                Event(cluster, "FailedMount", "MountVolume.SetUp failed for volume \"docker-socket\" : hostPath type check failed: /var/run/docker.sock is not a socket file");
            }, cluster => Workload(cluster, json => json["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/engine"] = "dind" })),
        ["one node without Docker"] = new("running", "1 of 5 nodes run containerd and have no /var/run/docker.sock", "use engine dind", cluster =>
        {
            cluster.Put("api/v1/nodes/n1", Snapshots.Node("n1", "containerd://2.1.9").GetRawText());
            Init(cluster, Waiting);
            Event(cluster, "FailedMount", "MountVolume.SetUp failed for volume \"docker-socket\" : hostPath type check failed: /var/run/docker.sock is not a socket file");
        }, cluster => Workload(cluster, json => json["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/engine"] = "dind" })),
        ["token refused"] = new("running", "GitLab refuses the token (403)", "put a valid token into Secret team-a/gitlab-runner-token, key token; then " + Restart, cluster => Crash(cluster,
            "init-runner: registration failed: GitLab refuses the token (403): it is wrong, expired or revoked; put a valid one into the Secret\n"), Heal),
        ["token refused, without the guard"] = new("running", "GitLab refuses the token (403)", "put a valid token into Secret", cluster => Crash(cluster,
            "Runtime platform arch=amd64 os=linux\nERROR: Registering runner... forbidden (check registration token)\nPANIC: Failed to register the runner.\n"), Heal),
        ["registration tokens off"] = new("running", "GitLab has registration tokens switched off (410)", "runner-webhook token create -n team-a", cluster => Crash(cluster,
            "init-runner: registration failed: GitLab has registration tokens switched off (410): create a runner in GitLab\n"), Heal),
        ["settings that GitLab keeps"] = new("running", "the token is an authentication token (glrt-)", "remove these settings", cluster => Crash(cluster,
            "init-runner: registration failed: the token is an authentication token (glrt-), with which GitLab keeps tag-list, locked and the like\n"), Heal),
        ["GitLab unknown to the DNS"] = new("running", "the name of GitLab can't be resolved in the pod", "correct register.url", cluster => Init(cluster,
            $$$"""{"running":{"startedAt":"{{{Ago(300)}}}"}}""", log: "init-runner: GitLab can not be reached: its name can't be resolved: next try in 8 s\n"), Heal),
        ["GitLab out of reach"] = new("running", "GitLab can't be reached from the pod", "NetworkPolicies of namespace team-a", cluster => Init(cluster,
            $$$"""{"running":{"startedAt":"{{{Ago(300)}}}"}}""", log: "init-runner: GitLab can not be reached: connection refused: next try in 8 s\n"), Heal),
        ["GitLab that never answers"] = new("running", "GitLab can't be reached from the pod", "NetworkPolicies of namespace team-a", cluster => Init(cluster,
            $$$"""{"running":{"startedAt":"{{{Ago(300)}}}"}}""", log: "init-runner: registration failed: timeout (exit code 137); try 2 of 10 in 6 seconds\n"), Heal),
        ["GitLab's certificate"] = new("running", "GitLab's certificate is not trusted", "profiles.NAME.certificates", cluster => Crash(cluster,
            "init-runner: registration failed: GitLab's certificate is not trusted: tls: failed to verify certificate: x509: certificate signed by unknown authority\n"), Heal),
        ["no GitLab at the URL"] = new("running", "there is no GitLab at the configured URL (404)", "correct register.url", cluster => Crash(cluster,
            "init-runner: registration failed: there is no GitLab at the URL (404): check the setting url\n"), Heal),
        ["option refused"] = new("running", "gitlab-runner refuses an option", "correct the setting", cluster => Crash(cluster,
            "init-runner: registration failed: gitlab-runner refuses an option: flag provided but not defined: -x\n"), Heal),
        ["token Secret missing"] = new("tokens", "there is no Secret team-a/gitlab-runner-token", "kubectl create secret generic gitlab-runner-token -n team-a --from-literal=token=…", cluster =>
        {
            cluster.Delete(Secret);
            Init(cluster, """{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"gitlab-runner-token\" not found"}}""");
        }, cluster => Fill(cluster)),
        ["token Secret without the key"] = new("tokens", "Secret team-a/gitlab-runner-token has no key token", "its keys are Token: put the token into token", cluster =>
        {
            cluster.Put(Secret, """{"data":{"Token":"eA=="}}""");
            Init(cluster, """{"waiting":{"reason":"CreateContainerConfigError","message":"couldn't find key token in Secret team-a/gitlab-runner-token"}}""");
        }, cluster => Fill(cluster)),
        ["token newer than the pod"] = new("tokens", "Secret team-a/gitlab-runner-token was changed at ", Restart, cluster => cluster.Put(Secret,
            $$$$"""{"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z","managedFields":[{"time":"{{{{Ago(60)}}}}","fieldsV1":{"f:data":{}}}]},"data":{"token":"eA=="}}"""),
            cluster => cluster.Get(Pod)["status"]!["initContainerStatuses"]![0]!["state"]!["terminated"]!["finishedAt"] = Ago(1)),
        ["image that does not exist"] = new("running", "image gitlab/gitlab-runner:v17.5.0 does not exist", "correct the image's name or tag", cluster =>
        {
            Init(cluster, """{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \"gitlab/gitlab-runner:v17.5.0\""}}""");
            Event(cluster, "Failed", "Failed to pull image \"gitlab/gitlab-runner:v17.5.0\": rpc error: code = NotFound desc = failed to resolve reference: docker.io/gitlab/gitlab-runner:v17.5.0: not found");
        }, Heal),
        ["registry that refuses"] = new("running", "the registry refuses image gitlab/gitlab-runner:v17.5.0", "imagePullSecrets", cluster => Init(cluster,
            """{"waiting":{"reason":"ErrImagePull","message":"failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized: pull access denied"}}"""), Heal),
        ["memory limit"] = new("running", "container init-runner needs more memory than its limit (OOMKilled)", "raise resources.limits.memory", cluster => Init(cluster,
            """{"waiting":{"reason":"CrashLoopBackOff"}}""", """{"terminated":{"exitCode":137,"reason":"OOMKilled"}}"""), Heal),
        ["image without a shell"] = new("running", "the image has no program sh", "initContainer.guard: false", cluster => Init(cluster,
            """{"waiting":{"reason":"CrashLoopBackOff"}}""",
            """{"terminated":{"exitCode":128,"reason":"StartError","message":"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: \"sh\": executable file not found in $PATH"}}"""), Heal),
        ["image without gitlab-runner"] = new("running", "image gitlab/gitlab-runner:v17.5.0 has no gitlab-runner", "use an image of gitlab-runner",
            cluster => Crash(cluster, "init-runner: registration failed: timeout (exit code 127)\n"), Heal),
        ["image that runs as root"] = new("running", "the image runs as root, and the pod has runAsNonRoot: true", "securityContext.runAsUser", cluster => Init(cluster,
            """{"waiting":{"reason":"CreateContainerConfigError","message":"container has runAsNonRoot and image will run as root (pod: \"runner-abcde_team-a\", container: init-runner)"}}"""), Heal),
        ["config.toml hidden"] = new("running", "config.toml is missing", "remove your own volume", cluster =>
        {
            DaemonSetStatus(cluster, 1, 0);
            cluster.Get(Pod)["status"]!["conditions"]![1]!["status"] = "False";
            cluster.Get(Pod)["status"]!["containerStatuses"]![0] = JsonNode.Parse(
                """{"name":"gitlab-runner","ready":false,"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}""");
            cluster.Texts["runner-abcde/gitlab-runner"] = "FATAL: Failed to load config stat /etc/gitlab-runner/config.toml: no such file or directory\n";
        }, Heal),
        ["engine without the node's iptables"] = new("running", "the engine can't start: failed to start daemon", "modprobe iptable_nat nft_chain_nat", cluster =>
        {
            cluster.Get(Pod)["status"]!["conditions"]![1]!["status"] = "False";
            cluster.Get(Pod)["status"]!["containerStatuses"]!.AsArray().Add(JsonNode.Parse(
                """{"name":"dind","ready":false,"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}"""));
            cluster.Texts["runner-abcde/dind"] = "failed to start daemon: Error initializing network controller: failed to create NAT chain DOCKER: "
                + "iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.8.13 (nf_tables):  TABLE_ADD failed (Operation not supported): table nat\n";
        }, Heal),
        ["runner that is killed again and again"] = new("running", "container gitlab-runner ended with OOMKilled (exit code 137)", "raise its resources.limits.memory", cluster =>
            cluster.Get(Pod)["status"]!["containerStatuses"]![0] = JsonNode.Parse(
                $$$$"""{"name":"gitlab-runner","ready":true,"restartCount":5,"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","finishedAt":"{{{{Ago(60)}}}}"}}}"""), Heal),
        ["no room on the nodes"] = new("running", "no node has enough free cpu for the pod", "lower the requests", cluster => Unscheduled(cluster,
            "0/5 nodes are available: 5 Insufficient cpu. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod."), Heal),
        ["taint"] = new("running", "every node has a taint that the pod does not tolerate (node-role.kubernetes.io/ci: )", "add a toleration", cluster => Unscheduled(cluster,
            "0/5 nodes are available: 5 node(s) had untolerated taint {node-role.kubernetes.io/ci: }. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."), Heal),
        ["node selector"] = new("running", "no node is chosen by DaemonSet team-a/runner", "kubectl label node", cluster =>
        {
            cluster.Delete(Pod);
            DaemonSetStatus(cluster, 0, 0);
        }, cluster => Workload(cluster)),
        ["quota"] = new("running", "ResourceQuota team-a/ci is used up", "kubectl edit resourcequota ci -n team-a", cluster => Uncreated(cluster,
            "Error creating: pods \"runner-x7x2k\" is forbidden: exceeded quota: ci, requested: limits.memory=256Mi, used: limits.memory=4Gi, limited: limits.memory=4Gi"), cluster => Workload(cluster)),
        ["limit range"] = new("running", "a LimitRange of namespace team-a refuses the pods: maximum cpu usage per Container is 500m", "lower the requests", cluster => Uncreated(cluster,
            "Error creating: pods \"runner-x7x2k\" is forbidden: maximum cpu usage per Container is 500m, but limit is 1"), cluster => Workload(cluster)),
        ["service account"] = new("running", "ServiceAccount team-a/ci is missing", "kubectl create serviceaccount ci -n team-a", cluster => Uncreated(cluster,
            "Error creating: pods \"runner-\" is forbidden: error looking up service account team-a/ci: serviceaccount \"ci\" not found"), cluster => Workload(cluster)),
        ["webhook of others"] = new("running", "webhook validate.example.com refuses the pods: no privileged pods", "correct what the message names", cluster => Uncreated(cluster,
            "Error creating: admission webhook \"validate.example.com\" denied the request: no privileged pods"), cluster => Workload(cluster)),
        ["Pod Security"] = new("podSecurity", "namespace team-a enforces Pod Security level baseline", "kubectl label namespace team-a pod-security.kubernetes.io/enforce=privileged --overwrite", cluster =>
        {
            cluster.Put("api/v1/namespaces/team-a", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline"}}}""");
            Uncreated(cluster, "Error creating: pods \"runner-x7x2k\" is forbidden: violates PodSecurity \"baseline:latest\": hostPath volumes (volume \"docker-socket\")");
        }, cluster =>
        {
            cluster.Put("api/v1/namespaces/team-a", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}""");
            Workload(cluster);
        }),
        ["node down"] = new("nodes", "node n1 is not ready (NodeStatusUnknown: Kubelet stopped posting node status.)", "kubectl describe node n1", cluster =>
        {
            var node = cluster.Get("api/v1/nodes/n1");
            node["status"]!["conditions"]![0] = JsonNode.Parse("""{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown","message":"Kubelet stopped posting node status."}""");
            cluster.Get(Pod)["status"]!["conditions"]![1]!["status"] = "False";
            DaemonSetStatus(cluster, 1, 0);
        }, cluster => Fill(cluster)),
        ["config map of a volume"] = new("running", "ConfigMap team-a/gitlab-ca is missing", "kubectl create configmap gitlab-ca -n team-a", cluster =>
        {
            Init(cluster, Waiting);
            Event(cluster, "FailedMount", "MountVolume.SetUp failed for volume \"runner-certificates\" : configmap \"gitlab-ca\" not found");
        }, Heal),
        ["runtime class"] = new("running", "node n1 has no container runtime handler sysbox-runc", "another runtimeClassName", cluster =>
        {
            Init(cluster, Waiting);
            Event(cluster, "FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for \"sysbox-runc\" is configured");
        }, Heal),
        ["evicted"] = new("running", "the pod was ended (Evicted: The node was low on resource: ephemeral-storage", "kubectl delete pod runner-abcde -n team-a", cluster =>
        {
            cluster.Get(Pod)["status"] = JsonNode.Parse("""{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: ephemeral-storage. "}""");
            DaemonSetStatus(cluster, 1, 0);
        }, cluster => Workload(cluster)),
        ["still starting"] = new("running", "created ", "run check again in a minute", cluster =>
        {
            Init(cluster, Waiting);
            cluster.Get(Pod)["metadata"]!["creationTimestamp"] = Ago(4);
        }, Heal),
        ["bare workload"] = new("injected", "DaemonSet team-a/runner is labelled, but has no runner", Restart, cluster =>
        {
            var bare = Serve.SampleObjects.DaemonSet();
            bare["status"] = cluster.Get(DaemonSet)["status"]!.DeepClone();
            cluster.Put(DaemonSet, bare);
        }, cluster => Workload(cluster)),
        ["registration gone"] = new("registration", "there is no MutatingWebhookConfiguration runner-webhook", "kubectl apply -k charts-free-manifests", cluster =>
        {
            cluster.Delete(Webhooks);
            cluster.Probe = null;
        }, Fill),
        ["match conditions gone"] = new("registration", "daemonsets.runner-webhook.local has no matchConditions", "kubectl apply -k charts-free-manifests", cluster =>
        {
            foreach (var hook in cluster.Get(Webhooks)["webhooks"]!.AsArray())
            {
                hook!.AsObject().Remove("matchConditions");
            }
        }, Fill),
        ["failure policy Ignore without a guard"] = new("registration", "failurePolicy of daemonsets.runner-webhook.local is Ignore", "kubectl apply -k charts-free-manifests/overlays/guard", Ignore, Guard),
        ["guard without a binding"] = new("guard", "ValidatingAdmissionPolicyBinding pods.runner-webhook.local is missing", "kubectl apply -k charts-free-manifests/overlays/guard", cluster =>
        {
            Guard(cluster);
            cluster.Delete($"{Bindings}/pods.runner-webhook.local");
        }, Guard),
        ["guard for DaemonSets that are stored as applied"] = new("guard", "ValidatingAdmissionPolicyBinding daemonsets.runner-webhook.local refuses every new DaemonSet",
            "kubectl delete validatingadmissionpolicybinding daemonsets.runner-webhook.local", cluster =>
            {
                Guard(cluster);
                Configure(cluster, "daemonSets: pods\n");
            }, cluster => cluster.Delete($"{Bindings}/daemonsets.runner-webhook.local")),
        ["no label on the template of a DaemonSet that is stored as applied"] = new("injected", "DaemonSet team-a/runner is labelled, but has no runner",
            "add gitlab-runner: inject to spec.template.metadata.labels", cluster =>
            {
                Configure(cluster, "daemonSets: pods\n");
                cluster.Delete(Pod);
                cluster.Put(DaemonSet, Serve.SampleObjects.DaemonSet());
            }, cluster => cluster.Get(DaemonSet)["spec"]!["template"]!["metadata"]!["labels"]!["gitlab-runner"] = "inject"),
        ["rollout of the webhook stuck"] = new("deployment", "image registry.example.com/runner-webhook:0.1.1 does not exist", "correct the image's name or tag", cluster => Replica(cluster, "runner-webhook-3",
            """{"phase":"Pending","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"runner-webhook","image":"registry.example.com/runner-webhook:0.1.1","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ErrImagePull","message":"failed to resolve reference: not found"}}}]}"""),
            cluster => cluster.Delete("api/v1/namespaces/runner-webhook/pods/runner-webhook-3")),
        ["webhook's image without a registry"] = new("deployment", "image runner-webhook:0.1.0 names no registry that the nodes pull from",
            "set newName in images of charts-free-manifests/base/kustomization.yaml", cluster => Replica(cluster, "runner-webhook-3",
            """{"phase":"Pending","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"runner-webhook","image":"runner-webhook:0.1.0","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff","message":"pull access denied, repository does not exist or may require authorization"}}}]}"""),
            cluster => cluster.Delete("api/v1/namespaces/runner-webhook/pods/runner-webhook-3")),
        ["webhook without its certificate"] = new("deployment", "Secret runner-webhook/runner-webhook-tls is missing", "kubectl create secret generic runner-webhook-tls -n runner-webhook", cluster =>
        {
            cluster.Get(Deployment)["status"]!["readyReplicas"] = 0;
            cluster.Delete("api/v1/namespaces/runner-webhook/secrets/runner-webhook-tls");
            foreach (var name in (string[])["runner-webhook-1", "runner-webhook-2"])
            {
                Replica(cluster, name, ContainerCreating);
                Event(cluster, "FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"runner-webhook-tls\" not found", name, "runner-webhook");
            }
        }, Fill),
        ["cert-manager not installed"] = new("deployment", "cert-manager is not installed: Secret runner-webhook/runner-webhook-tls is missing",
            "kubectl apply -k charts-free-manifests/overlays/self-managed", cluster => WithoutCertificate(cluster, null), Certified),
        ["applied before cert-manager was there"] = new("deployment", "there is no Certificate runner-webhook/runner-webhook", "kubectl apply -k charts-free-manifests", cluster =>
        {
            WithoutCertificate(cluster, "{}");
            cluster.Delete(Certificate);
        }, Certified),
        ["cert-manager without a controller"] = new("deployment", "cert-manager's controller has not looked at Certificate runner-webhook/runner-webhook",
            "kubectl get pods -A -l app.kubernetes.io/name=cert-manager", cluster => WithoutCertificate(cluster, "{}"), Certified),
        ["certificate that is not issued"] = new("deployment", "Certificate runner-webhook/runner-webhook is not ready: Issuing certificate as Secret does not exist: Secret runner-webhook/runner-webhook-tls is missing",
            "kubectl describe certificate,certificaterequest,issuer -n runner-webhook", cluster => WithoutCertificate(cluster, """
                {"status":{"conditions":[{"type":"Issuing","status":"True","reason":"DoesNotExist"},{"type":"Ready","status":"False","reason":"DoesNotExist","message":"Issuing certificate as Secret does not exist"}]}}
                """), Certified),
        ["cert-manager without a cainjector"] = new("caBundle", "Certificate runner-webhook/runner-webhook is ready, but cert-manager's cainjector has not written its CA: daemonsets.runner-webhook.local and pods.runner-webhook.local: caBundle is empty",
            "kubectl get pods -A -l app.kubernetes.io/name=cainjector", cluster =>
            {
                Certified(cluster);
                OfCertManager(cluster, "");
            }, Certified),
        ["replica that is not ready"] = new("deployment", "pod runner-webhook-1 is not ready (ca-bundle: pods.runner-webhook.local of runner-webhook would refuse the certificate in service)",
            "kubectl logs runner-webhook-1 -n runner-webhook", cluster =>
            {
                Replica(cluster, "runner-webhook-1", """
                    {"phase":"Running","conditions":[{"type":"Ready","status":"False"}],
                     "containerStatuses":[{"name":"runner-webhook","ready":false,"restartCount":0,"state":{"running":{}}}]}
                    """);
                cluster.Get(Deployment)["status"]!["readyReplicas"] = 1;
                cluster.Texts["runner-webhook-1"] += "[-]ca-bundle: pods.runner-webhook.local of runner-webhook would refuse the certificate in service\n";
            }, Fill),
        ["configuration not in force"] = new("configuration", "ConfigMap runner-webhook/runner-webhook is not in force: pod runner-webhook-1 keeps revision 0123456789ab", "do what the replica asks for", cluster =>
            cluster.Texts["runner-webhook-1"] = "[!]configuration: revision 0123456789ab; a newer one is accepted, not in force yet: watchNamespaces needs the list of namespaces: namespaces is forbidden\nok\n", Fill),
        ["configuration not there yet"] = new("configuration", "ConfigMap runner-webhook/runner-webhook is not in force yet", "kubectl rollout restart deployment/runner-webhook -n runner-webhook", cluster =>
            cluster.Texts["runner-webhook-1"] = "[+]configuration: revision 0123456789ab\nok\n", Fill),
        ["certificate that waits for the caBundle"] = new("certificate", "pod runner-webhook-1 reports certificate: the certificate offered since waits: the live caBundle of pods.runner-webhook.local does not trust it",
            "runner-webhook certs -n runner-webhook", cluster => cluster.Texts["runner-webhook-1"] +=
                "[!]certificate: valid until 2027-01-01 00:00:00Z; the certificate offered since waits: the live caBundle of pods.runner-webhook.local does not trust it\n", Fill),
        ["caBundle of the certificate before"] = new("caBundle", "daemonsets.runner-webhook.local and pods.runner-webhook.local: caBundle doesn't verify the certificate in Secret runner-webhook/runner-webhook-tls",
            "kubectl get pods -A -l app.kubernetes.io/name=cainjector", cluster =>
            {
                using var other = RunnerWebhook.Certificates.CertificateAuthority.Create(DateTimeOffset.UtcNow, TimeSpan.FromDays(9));
                Certified(cluster);
                OfCertManager(cluster, other.Pair.CertificatePem);
                cluster.Texts["runner-webhook-1"] += "[+]ca-bundle: trusts the certificate in service\n";
                cluster.Texts["runner-webhook-2"] += "[+]ca-bundle: trusts the certificate in service\n";
            }, Fill),
        ["caBundle that the replicas may not read"] = new("caBundle", "pods runner-webhook-1 and runner-webhook-2 report ca-bundle: a right is missing", "ClusterRole runner-webhook-certificates", cluster =>
        {
            cluster.Texts["runner-webhook-1"] += "[!]ca-bundle: not known; a right is missing: mutatingwebhookconfigurations is forbidden\n";
            cluster.Texts["runner-webhook-2"] += "[!]ca-bundle: not known; a right is missing: mutatingwebhookconfigurations is forbidden\n";
        }, Fill),
        ["watch of namespaces that is not allowed"] = new("deployment", "pod runner-webhook-2 reports namespaces: a right is missing: namespaces is forbidden", "components/watch-namespaces", cluster =>
            cluster.Texts["runner-webhook-2"] += "[!]namespaces: 7 known, as of 90 s ago; a right is missing: namespaces is forbidden\n", Fill),
        ["configuration with a mistake"] = new("configuration", "ConfigMap runner-webhook/runner-webhook config.yaml:1:", "correct it", cluster =>
            cluster.Put(ConfigMap, new JsonObject { ["data"] = new JsonObject { ["config.yaml"] = "apiVersion: x\n" } }), Fill),
        ["caBundle empty"] = new("caBundle", "daemonsets.runner-webhook.local and pods.runner-webhook.local: caBundle is empty", "runner-webhook certs -n runner-webhook", cluster =>
            cluster.Put(Webhooks, Snapshots.Registration("").Or(default).GetRawText()), Fill),
        ["webhook out of reach"] = new("reachable", "Internal error occurred: failed calling webhook", "has no ready replica", cluster =>
        {
            cluster.Get(Slice)["endpoints"]![0]!["conditions"]!["ready"] = false;
            cluster.Probe = JsonNode.Parse("""
                {"kind":"Status","code":500,"reason":"InternalError","message":"Internal error occurred: failed calling webhook \"pods.runner-webhook.local\": no endpoints available for service \"runner-webhook\""}
                """)!.AsObject();
        }, Fill),
    };

    // Installed with cert-manager's certificate; the Certificate is as cert-manager left it, null without cert-manager.
    private static void WithoutCertificate(FakeCluster cluster, string? certificate)
    {
        if (certificate is not null)
        {
            cluster.Put("apis/cert-manager.io/v1", "{}");
            cluster.Put(Certificate, certificate);
        }

        OfCertManager(cluster, "");
        cluster.Get(Deployment)["status"]!["readyReplicas"] = 0;
        cluster.Delete("api/v1/namespaces/runner-webhook/secrets/runner-webhook-tls");
        foreach (var name in (string[])["runner-webhook-1", "runner-webhook-2"])
        {
            Replica(cluster, name, ContainerCreating);
            Event(cluster, "FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"runner-webhook-tls\" not found", name, "runner-webhook");
        }
    }

    private static void Certified(FakeCluster cluster)
    {
        Fill(cluster);
        cluster.Put("apis/cert-manager.io/v1", "{}");
        cluster.Put(Certificate, """{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Ready"}]}}""");
        OfCertManager(cluster, Snapshots.AuthorityPem);
    }

    private static void OfCertManager(FakeCluster cluster, string caPem)
    {
        var registration = JsonNode.Parse(Snapshots.Registration(caPem).Or(default).GetRawText())!.AsObject();
        registration["metadata"]!["annotations"] = new JsonObject { ["cert-manager.io/inject-ca-from"] = "runner-webhook/runner-webhook" };
        cluster.Put(Webhooks, registration);
    }

    private static void Unscheduled(FakeCluster cluster, string message)
    {
        DaemonSetStatus(cluster, 1, 0);
        cluster.Get(Pod)["status"] = new JsonObject
        {
            ["phase"] = "Pending",
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["reason"] = "Unschedulable",
                ["message"] = message,
            }),
        };
    }

    private static void Uncreated(FakeCluster cluster, string message)
    {
        cluster.Delete(Pod);
        DaemonSetStatus(cluster, 1, 0);
        Event(cluster, "FailedCreate", message, "runner", uid: "u-1");
    }

    private static void Ignore(FakeCluster cluster)
    {
        foreach (var hook in cluster.Get(Webhooks)["webhooks"]!.AsArray())
        {
            hook!["failurePolicy"] = "Ignore";
        }
    }

    private static void Configure(FakeCluster cluster, string keys)
    {
        var text = File.ReadAllText(Serve.SampleObjects.ConfigFile) + keys;
        cluster.Put(ConfigMap, new JsonObject { ["data"] = new JsonObject { ["config.yaml"] = text } });

        // Every replica has read it.
        var revision = RunnerWebhook.Check.CheckedConfiguration.Read("a", "a", text).Injector!.Revision;
        foreach (var (replica, readiness) in cluster.Texts.ToArray())
        {
            cluster.Texts[replica] = readiness.Replace(
                Snapshots.Configuration.Injector!.Revision, revision, StringComparison.Ordinal);
        }
    }

    private static void Guard(FakeCluster cluster)
    {
        Ignore(cluster);
        foreach (var (file, collection) in new[] { ("guard-policies.yaml", Policies), ("guard-bindings.yaml", Bindings) })
        {
            foreach (var shipped in RunnerWebhook.Check.ShippedManifest.Documents(file))
            {
                var json = JsonNode.Parse(shipped.GetRawText())!.AsObject();
                // The API server adds defaults.
                json["spec"]!["added"] = "by default";
                cluster.Put($"{collection}/{json["metadata"]!["name"]}", json);
            }
        }
    }
}

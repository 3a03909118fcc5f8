namespace RunnerWebhook.Check;

/// <summary>The texts by which a cluster says why pods do not run. Within a table the first match counts.</summary>
internal static class Symptoms
{
    private const string Requests = "lower the requests of the runner container, or initContainer.resources and the engine's "
        + "resources in the configuration; then {restart}";

    /// <summary>Messages of the scheduler.</summary>
    public static readonly Symptom[] Scheduling =
    [
        new(@"Insufficient (?<g1>[\w/-]+(?:\.[\w/-]+)*)", "no node has enough free ${g1} for the pod",
            Requests + ", or add nodes"),
        new(@"untolerated taint \{(?<g1>[^}]+)\}|node\(s\) had taint \{(?<g1>[^}]+)\}",
            "every node has a taint that the pod does not tolerate (${g1})",
            "add a toleration for it to the pod template, or remove it: kubectl taint nodes NODE KEY-"),
        new(@"didn't match Pod's node affinity|didn't match node selector|didn't match pod affinity",
            "no node matches the nodeSelector or affinity of the pod",
            "correct spec.template.spec.nodeSelector, or label a node: kubectl label node NAME KEY=VALUE"),
        new(@"free ports", "another pod uses its hostPort on every node", "remove hostPort from the pod template"),
        new(@"were unschedulable|node\(s\) were unschedulable", "every node is cordoned", "kubectl uncordon NODE"),
        new(@"persistentvolumeclaim ""(?<g1>[^""]+)"" not found", "PersistentVolumeClaim {namespace}/${g1} is missing",
            "create it in namespace {namespace}, or remove the volume from the pod template"),
        new(@"(?<g1>[\s\S]+)", "the pod can't be scheduled: ${g1}", "kubectl describe pod {pod} -n {namespace}"),
    ];

    /// <summary>Messages about volumes, references and sandboxes; not that about the node's Docker socket.</summary>
    public static readonly Symptom[] Setup =
    [
        new(@"secret ""(?<g1>[^""]+)"" not found", "Secret {namespace}/${g1} is missing",
            "kubectl create secret generic ${g1} -n {namespace} --from-literal={key}=…"),
        new(@"configmap ""(?<g1>[^""]+)"" not found", "ConfigMap {namespace}/${g1} is missing",
            "kubectl create configmap ${g1} -n {namespace} --from-file=…, or correct the name in the configuration"),
        new(@"couldn't find key (?<g1>\S+) in (?<g2>Secret|ConfigMap) (?<g3>\S+)", "${g2} ${g3} has no key ${g1}",
            "put the value under the key ${g1}, or configure another key (token.secretKey of the profile)"),
        new(@"references non-existent (?<g1>secret|config) key: (?<g2>\S+)", "a mounted ${g1} has no key ${g2}",
            "add the key ${g2} to the Secret or ConfigMap that the message names: kubectl describe pod {pod} -n {namespace}"),
        new(@"hostPath type check failed: (?<g1>\S+) is not a (?<g2>[\w ]+)", "node {node} has no ${g2} ${g1}",
            "create it on the node, or correct the hostPath of the volume"),
        new(@"no runtime for ""(?<g1>[^""]+)"" is configured", "node {node} has no container runtime handler ${g1}",
            "configure the handler on the node, or choose another runtimeClassName"),
        new(@"runAsNonRoot and image will run as root", "the image runs as root, and the pod has runAsNonRoot: true",
            "set securityContext.runAsUser in the pod template, or use an image with another user"),
        new(@"failed to setup network for sandbox|plugin type=""(?<g1>[^""]+)"" failed",
            "the network plugin of node {node} fails",
            "look at the network plugin's pods: kubectl get pods -n kube-system -o wide"),
        new(@"exec: ""(?<g1>[^""]+)"":? (?:executable file not found|stat )|exec: ""(?<g1>[^""]+)"": no such file",
            "the image has no program ${g1}",
            "use an image of gitlab-runner that has it (an image without a shell needs initContainer.guard: false)"),
    ];

    /// <summary>Messages about images.</summary>
    public static readonly Symptom[] Images =
    [
        new(@"toomanyrequests|429 Too Many", "the registry limits downloads of image {image}",
            "add imagePullSecrets to the pod template, or use a mirror of the registry"),
        new(@"x509:", "node {node} does not trust the registry's certificate for image {image}",
            "install the registry's CA on the nodes"),
        new(@"unauthorized|denied|403 Forbidden|authorization failed|no basic auth", "the registry refuses image {image}",
            "add imagePullSecrets to the pod template, and check the image's name"),
        new(@"not found|manifest unknown|no such manifest", "image {image} does not exist", "correct the image's name or tag"),
        new(@"no such host|i/o timeout|connection refused|network is unreachable",
            "node {node} can't reach the registry of image {image}", "check the nodes' DNS, proxy and firewall"),
        new(@"couldn't parse image|InvalidImageName|invalid reference format", "'{image}' is no name of an image",
            "correct the image's name"),
        new(@"(?<g1>[\s\S]*)", "image {image} can't be pulled: ${g1}", "kubectl describe pod {pod} -n {namespace}"),
    ];

    /// <summary>What registration prints: the guard's sentences, and those of gitlab-runner itself.</summary>
    public static readonly Symptom[] Registration =
    [
        new(@"failed: timeout \(exit code 12[67]\)", "image {image} has no gitlab-runner",
            "use an image of gitlab-runner in the container that the webhook takes for the runner; then {restart}"),
        new(@"registration tokens switched off|410 Gone|registration disallowed",
            "GitLab has registration tokens switched off (410)",
            "create a runner and keep its token: runner-webhook token create -n {namespace}"),
        new(@"configuration is reserved|with which GitLab keeps",
            "the token is an authentication token (glrt-), with which GitLab keeps tag-list, locked and the like",
            "remove these settings from the configuration and the annotations; then {restart}"),
        new(@"\(403\)|403 Forbidden|[Ff]orbidden|runner\.\.\. is (?:not valid|removed)",
            "GitLab refuses the token (403): it is wrong, expired or revoked",
            "put a valid token into Secret {namespace}/{token}; then {restart}"),
        new(@"x509:|certificate", "GitLab's certificate is not trusted: {line}",
            "name the CA in the configuration (profiles.NAME.certificates); then {restart}"),
        new(@"\(404\)|404 Not Found", "there is no GitLab at the configured URL (404)",
            "correct register.url in the configuration; then {restart}"),
        new(@"no such host|name can't be resolved|server misbehaving", "the name of GitLab can't be resolved in the pod",
            "correct register.url in the configuration, or the cluster's DNS; then {restart}"),
        new(@"connection refused|no route|unreachable|does not answer in time|i/o timeout|deadline exceeded|can ?not be reached"
            + @"|failed: timeout \(",
            "GitLab can't be reached from the pod: {line}",
            "check register.url, NetworkPolicies of namespace {namespace} and the proxy; the init container tries again"),
        new(@"server error|\(5xx\)|50[0-9] ", "GitLab answers with a server error: {line}",
            "look at GitLab; the init container tries again"),
        new(@"refuses an option|not defined|Incorrect Usage|could not parse|invalid value",
            "gitlab-runner refuses an option: {line}",
            "correct the setting in the configuration, or use a release of gitlab-runner that knows it; then {restart}"),
        new(@"can not be written|No space left|Read-only file system", "the configuration volume can't be written: {line}",
            "check configVolume in the configuration and the securityContext of the pod; then {restart}"),
    ];

    /// <summary>What the runner container and the engine print.</summary>
    public static readonly Symptom[] Running =
    [
        new(@"Failed to load config|config\.toml: no such file", "config.toml is missing: no registration wrote into the volume "
            + "that the runner container mounts", "remove your own volume at the runner's configuration folder; then {restart}"),
        new(@"failed to start daemon.*iptables", "the engine can't start: {line}",
            "load the modules of iptables on node {node}: modprobe iptable_nat nft_chain_nat. Or do without, if jobs use the "
            + "network of the pod (docker-network-mode host): engine.dind.args: [--iptables=false, --ip6tables=false]"),
        new(@"failed to start daemon|Devices cgroup isn't mounted|operation not permitted|permission denied",
            "the engine can't start: {line}", "engine dind needs a privileged container: check engine.dind in the configuration, "
            + "and the Pod Security level of namespace {namespace}"),
    ];

    /// <summary>Why a controller can't create pods.</summary>
    public static readonly Symptom[] Creation =
    [
        new(@"violates PodSecurity ""(?<g1>[^"":]+)[^""]*"": (?<g2>[\s\S]+)",
            "namespace {namespace} enforces Pod Security ${g1}, which refuses the pods: ${g2}",
            "choose an engine that this level allows (annotation {engine}), or kubectl label namespace {namespace} "
            + "{level}=privileged --overwrite"),
        new(@"exceeded quota: (?<g1>[^,]+), (?<g2>.+)", "ResourceQuota {namespace}/${g1} is used up: ${g2}",
            "raise it: kubectl edit resourcequota ${g1} -n {namespace}"),
        new(@"failed calling webhook ""(?<g1>[^""]+)"": (?<g2>[\s\S]+)", "webhook ${g1} can't be called: ${g2}",
            "see reachable above if it is runner-webhook's; else ask its owner"),
        new(@"admission webhook ""(?<g1>[^""]+)"" denied the request: (?<g2>[\s\S]+)", "webhook ${g1} refuses the pods: ${g2}",
            "correct what the message names; then {restart}"),
        new(@"ValidatingAdmissionPolicy '(?<g1>[^']+)'.*denied request: (?<g2>[\s\S]+)", "policy ${g1} refuses the pods: ${g2}",
            "correct what the message names; then {restart}"),
        new(@"serviceaccount ""(?<g1>[^""]+)"" not found", "ServiceAccount {namespace}/${g1} is missing",
            "kubectl create serviceaccount ${g1} -n {namespace}"),
        new(@"no PriorityClass with name (?<g1>\S+) was found", "PriorityClass ${g1} is missing",
            "create it, or remove priorityClassName from the pod template"),
        new(@"(?<g1>(?:minimum|maximum) \w+ usage per \w+ is [^,]+)",
            "a LimitRange of namespace {namespace} refuses the pods: ${g1}",
            Requests),
        new(@"must be less than or equal to", "a container requests more than the limit allows", Requests),
        new(@"Error creating: (?<g1>[\s\S]+)|(?<g1>[\s\S]+)", "the pods can't be created: ${g1}",
            "correct what the message names"),
    ];

    /// <summary>The first match of a table; null if no row matches.</summary>
    public static Diagnosis? Find(this Symptom[] table, string text, ObservedPod pod) =>
        table.Select(row => row.Of(text, pod)).FirstOrDefault(found => found is not null);
}

using System.Text.Json.Nodes;

namespace RunnerWebhook.Fuzz.Objects;

/// <summary>Fields of Kubernetes 1.36, and some that it does not know yet, with valid values.</summary>
internal static class Fields
{
    private static readonly string[] Unknown =
        ["\"futureField\":0.10", "\"a~/b\":[null,{\"x\":9223372036854775807}]", "\"futureMap\":{\"\":1e400}"];

    private static readonly string[] Pod =
    [
        "\"restartPolicy\":\"Always\"", "\"terminationGracePeriodSeconds\":30", "\"terminationGracePeriodSeconds\":600",
        "\"hostNetwork\":true", "\"hostUsers\":true", "\"shareProcessNamespace\":true", "\"serviceAccountName\":\"runner\"",
        "\"automountServiceAccountToken\":false", "\"setHostnameAsFQDN\":true", "\"enableServiceLinks\":false",
        "\"priorityClassName\":\"high\"", "\"preemptionPolicy\":\"Never\"", "\"runtimeClassName\":\"kata\"",
        "\"os\":{\"name\":\"linux\"}", "\"nodeSelector\":{\"kubernetes.io/os\":\"linux\"}", "\"schedulingGates\":[{\"name\":\"a/b\"}]",
        "\"tolerations\":[{\"operator\":\"Exists\"}]", "\"imagePullSecrets\":[{\"name\":\"r\"}]", "\"hostnameOverride\":\"h\"",
        "\"dnsConfig\":{\"options\":[{\"name\":\"ndots\",\"value\":\"1\"}]}", "\"hostAliases\":[{\"ip\":\"10.0.0.1\",\"hostnames\":[\"g\"]}]",
        "\"readinessGates\":[{\"conditionType\":\"a/b\"}]", "\"overhead\":{\"cpu\":\"250m\"}", "\"resources\":{\"limits\":{\"cpu\":\"2\"}}",
        "\"resourceClaims\":[{\"name\":\"gpu\",\"resourceClaimTemplateName\":\"gpu\"}]", "\"activeDeadlineSeconds\":3600",
        "\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"z\",\"whenUnsatisfiable\":\"DoNotSchedule\",\"matchLabelKeys\":[\"a\"]}]",
        "\"securityContext\":{\"runAsUser\":1000,\"fsGroup\":1000,\"fsGroupChangePolicy\":\"OnRootMismatch\"}",
        "\"securityContext\":{\"supplementalGroupsPolicy\":\"Strict\",\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}",
        "\"securityContext\":{\"appArmorProfile\":{\"type\":\"Unconfined\"},\"sysctls\":[{\"name\":\"a\",\"value\":\"1\"}]}",
        "\"initContainers\":[]", "\"initContainers\":null", "\"volumes\":[]", "\"volumes\":null", "\"ephemeralContainers\":[]",
        "\"affinity\":{\"nodeAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":1,\"preference\":{}}]}}",
        "\"securityContext\":{\"windowsOptions\":null,\"seLinuxChangePolicy\":\"Recursive\"}", .. Unknown,
    ];

    private static readonly string[] Container =
    [
        "\"imagePullPolicy\":\"Always\"", "\"workingDir\":\"/x\"", "\"tty\":true", "\"stdin\":true", "\"terminationMessagePath\":\"/d\"",
        "\"resources\":{}", "\"resources\":{\"limits\":{\"cpu\":\"1\"},\"claims\":[{\"name\":\"gpu\",\"request\":\"r\"}]}",
        "\"resizePolicy\":[{\"resourceName\":\"cpu\",\"restartPolicy\":\"NotRequired\"}]", "\"args\":[\"run\"]", "\"args\":[]",
        "\"command\":[\"gitlab-runner\",\"run\",\"--debug\"]", "\"ports\":[{\"containerPort\":9252,\"name\":\"metrics\"}]",
        "\"restartPolicyRules\":[{\"action\":\"Restart\",\"exitCodes\":{\"operator\":\"In\",\"values\":[42]}}]",
        "\"securityContext\":{\"privileged\":true}", "\"securityContext\":{\"runAsNonRoot\":true,\"readOnlyRootFilesystem\":true}",
        "\"securityContext\":{\"procMount\":\"Default\",\"seLinuxOptions\":{\"level\":\"s0\"},\"capabilities\":{\"drop\":[\"ALL\"]}}",
        "\"livenessProbe\":{\"grpc\":{\"port\":1}}", "\"readinessProbe\":{\"exec\":{\"command\":[\"true\"]}}",
        "\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":5}},\"stopSignal\":\"SIGQUIT\"}", "\"lifecycle\":{}", "\"lifecycle\":null",
        "\"lifecycle\":{\"postStart\":{\"exec\":{\"command\":[\"true\"]}}}", "\"env\":[]", "\"env\":null", "\"volumeMounts\":[]",
        "\"env\":[{\"name\":\"REGISTRATION_TOKEN\",\"value\":\"glrt-PLANTED-in-the-object\"}]", "\"volumeMounts\":null",
        "\"env\":[{\"name\":\"N\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"spec.nodeName\"}}},{\"name\":\"HTTPS_PROXY\",\"value\":\"http://p\"}]",
        "\"env\":[{\"name\":\"F\",\"valueFrom\":{\"fileKeyRef\":{\"path\":\"a\",\"volumeName\":\"v0\",\"key\":\"k\"}}}]",
        "\"envFrom\":[{\"prefix\":\"P_\",\"secretRef\":{\"name\":\"s\",\"optional\":true}}]", "\"envFrom\":[]", .. Unknown,
    ];

    private static readonly string[] Volumes =
    [
        "\"emptyDir\":{}", "\"emptyDir\":{\"medium\":\"Memory\",\"sizeLimit\":\"1Gi\"}", "\"hostPath\":{\"path\":\"/var/run/docker.sock\"}",
        "\"hostPath\":{\"path\":\"/var/run\",\"type\":\"Directory\"}", "\"secret\":{\"secretName\":\"s\",\"defaultMode\":256}",
        "\"configMap\":{\"name\":\"c\",\"items\":[{\"key\":\"a\",\"path\":\"b\"}]}", "\"image\":{\"reference\":\"i:1\",\"pullPolicy\":\"Always\"}",
        "\"projected\":{\"sources\":[{\"clusterTrustBundle\":{\"name\":\"t\",\"path\":\"ca.crt\"}},{\"serviceAccountToken\":{\"path\":\"t\"}}]}",
        "\"projected\":{\"sources\":[{\"podCertificate\":{\"signerName\":\"a/b\",\"keyType\":\"ED25519\"}}]}", "\"futureSource\":{\"x\":[]}",
        "\"ephemeral\":{\"volumeClaimTemplate\":{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}}", "\"csi\":{\"driver\":\"d\",\"readOnly\":true}",
        "\"persistentVolumeClaim\":{\"claimName\":\"p\"}", "\"nfs\":{\"server\":\"n\",\"path\":\"/\"}",
        "\"downwardAPI\":{\"items\":[{\"path\":\"l\",\"fieldRef\":{\"fieldPath\":\"metadata.labels\"}}]}",
    ];

    private static readonly string[] Mounts =
    [
        "\"readOnly\":true,\"recursiveReadOnly\":\"IfPossible\"", "\"mountPropagation\":\"HostToContainer\"", "\"subPathExpr\":\"$(N)\"",
        "\"subPath\":\"x\"", "\"readOnly\":false", "\"futureField\":true",
    ];

    /// <summary>Adds some fields of a pod's spec.</summary>
    public static void AddToPod(JsonObject pod, Choices choices) => Add(pod, Pod, choices, 4);

    /// <summary>Adds some fields of a container.</summary>
    public static void AddToContainer(JsonObject container, Choices choices) => Add(container, Container, choices, 4);

    /// <summary>Adds fields of the future.</summary>
    public static void AddUnknown(JsonObject owner, Choices choices) => Add(owner, Unknown, choices, 2);

    /// <summary>A volume of some kind.</summary>
    public static JsonObject Volume(string name, Choices choices) =>
        JsonNode.Parse($"{{\"name\":\"{name}\",{choices.Of(Volumes)}}}")!.AsObject();

    /// <summary>A mount of a volume.</summary>
    public static JsonObject Mount(string name, string path, Choices choices) =>
        JsonNode.Parse($"{{\"name\":\"{name}\",\"mountPath\":\"{path}\",{choices.Of(Mounts)}}}")!.AsObject();

    private static void Add(JsonObject owner, string[] fields, Choices choices, int most)
    {
        for (var count = choices.Next(most + 1); count > 0; count--)
        {
            foreach (var (name, value) in JsonNode.Parse($"{{{choices.Of(fields)}}}")!.AsObject())
            {
                // Volumes that are mounted stay.
                owner.TryAdd(name, value?.DeepClone());
            }
        }
    }
}

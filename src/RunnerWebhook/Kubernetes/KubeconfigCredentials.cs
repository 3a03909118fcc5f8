using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;

namespace RunnerWebhook.Kubernetes;

/// <summary>A context of kubeconfig files. Their format, and the plugins that supply credentials, are
/// read by the KubernetesClient package. This program merges the files itself: the package does that for
/// <c>KUBECONFIG</c> alone.</summary>
internal static class KubeconfigCredentials
{
    // In bytes: one of a thousand clusters has some.
    private const int MaxLength = 32 * 1024 * 1024;

    /// <summary>Reads the files; the first that defines something wins.</summary>
    /// <param name="files">The files; each exists.</param>
    /// <param name="context">The context; null for the current one.</param>
    /// <exception cref="ApiException">A file can't be read, the context is not there, or it is not complete.</exception>
    public static ClusterCredentials Read(string[] files, string? context)
    {
        var names = string.Join(", ", files);
        try
        {
            var content = Merge([.. files.Select(Load)]);
            return Read(content, names, context ?? content.CurrentContext);
        }
        catch (Exception e) when (e is KubeConfigException or KubernetesClientException or YamlException or IOException
            or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            throw new ApiException(ApiProblem.NotConfigured, $"{names} can't be used as a kubeconfig: {e.Message}", e);
        }
    }

    // The package leaves what a file does not say null, also inside of lists.
    private static K8SConfiguration Load(string file)
    {
        using var stream = new MemoryStream(InputFile.ReadBytes(file, MaxLength));
        var content = KubernetesClientConfiguration.LoadKubeConfig(stream)
            ?? throw new KubeConfigException($"{file} is empty");
        content.FileName = Path.GetFullPath(file);
        content.Contexts = [.. (content.Contexts ?? []).Where(context => context?.Name is not null)];
        content.Clusters = [.. (content.Clusters ?? []).Where(cluster => cluster?.Name is not null)];
        content.Users = [.. (content.Users ?? []).Where(user => user?.Name is not null)];
        return content;
    }

    // Relative paths are resolved against their own file; the first definition of a name wins.
    private static K8SConfiguration Merge(K8SConfiguration[] files)
    {
        foreach (var file in files)
        {
            var folder = Path.GetDirectoryName(file.FileName)!;
            string? Absolute(string? path) => string.IsNullOrEmpty(path) ? path : Path.Combine(folder, path);
            foreach (var cluster in file.Clusters.Select(cluster => cluster.ClusterEndpoint).OfType<ClusterEndpoint>())
            {
                cluster.CertificateAuthority = Absolute(cluster.CertificateAuthority);
            }

            foreach (var user in file.Users.Select(user => user.UserCredentials).OfType<UserCredentials>())
            {
                user.ClientCertificate = Absolute(user.ClientCertificate);
                user.ClientKey = Absolute(user.ClientKey);
            }
        }

        return new()
        {
            CurrentContext = files.Select(file => file.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name)),
            Contexts = [.. files.SelectMany(file => file.Contexts)],
            Clusters = [.. files.SelectMany(file => file.Clusters)],
            Users = [.. files.SelectMany(file => file.Users)],
        };
    }

    private static ClusterCredentials Read(K8SConfiguration content, string names, string? context)
    {
        var contexts = content.Contexts.ToArray();
        if (contexts.FirstOrDefault(found => found.Name == context) is not { } chosen)
        {
            var known = contexts.Length == 0 ? "it has none" : $"it has {string.Join(", ", contexts.Select(one => one.Name))}";
            throw new ApiException(ApiProblem.NotConfigured, string.IsNullOrEmpty(context)
                ? $"{names} names no current context: name one with --context ({known})"
                : $"{names} has no context '{context}': {known}");
        }

        RequireComplete(content, chosen);
        var client = KubernetesClientConfiguration.BuildConfigFromConfigObject(content, context);
        var cluster = content.Clusters.First(found =>
            string.Equals(found.Name, chosen.ContextDetails.Cluster, StringComparison.OrdinalIgnoreCase)).ClusterEndpoint;
        return new()
        {
            Source = $"context {context} of {names}",
            Server = new Uri(client.Host.TrimEnd('/') + "/") is { Scheme: "http" or "https" } server ? server
                : throw new KubeConfigException(
                    $"the server of cluster '{chosen.ContextDetails.Cluster}' must be an http or https URL"),
            Namespace = string.IsNullOrEmpty(client.Namespace) ? "default" : client.Namespace,
            Authorities = Certificates(cluster.CertificateAuthorityData, cluster.CertificateAuthority),
            ServerName = string.IsNullOrEmpty(client.TlsServerName) ? null : client.TlsServerName,
            TrustsAnyServer = client.SkipTlsVerify,
            ClientCertificates = ClientCertificates(client),
            Authorization = Authorization(client),
        };
    }

    private static void RequireComplete(K8SConfiguration content, Context chosen)
    {
        if (chosen.ContextDetails?.Cluster is not { } cluster)
        {
            throw new KubeConfigException($"context '{chosen.Name}' names no cluster");
        }

        if (content.Clusters.FirstOrDefault(found => found.Name == cluster)?.ClusterEndpoint?.Server is not { Length: > 0 })
        {
            throw new KubeConfigException($"there is no cluster '{cluster}' with a server, as context '{chosen.Name}' needs");
        }

        var user = chosen.ContextDetails.User;
        if (!string.IsNullOrEmpty(user) && content.Users.FirstOrDefault(found => found.Name == user)?.UserCredentials is null)
        {
            throw new KubeConfigException($"there is no user '{user}' with credentials, as context '{chosen.Name}' needs");
        }
    }

    // A file may hold several certificates: the package would take only the first.
    private static X509Certificate2Collection? Certificates(string? data, string? file)
    {
        var pem = !string.IsNullOrEmpty(data) ? Text(data)
            : !string.IsNullOrEmpty(file) ? InputFile.ReadText(file) : null;
        if (pem is null)
        {
            return null;
        }

        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private static X509Certificate2Collection ClientCertificates(KubernetesClientConfiguration client)
    {
        var (certificate, key) = !string.IsNullOrEmpty(client.ClientCertificateData)
            ? (Text(client.ClientCertificateData), Text(client.ClientCertificateKeyData))
            : !string.IsNullOrEmpty(client.ClientCertificateFilePath)
                ? (InputFile.ReadText(client.ClientCertificateFilePath), InputFile.ReadText(client.ClientKeyFilePath))
                : (null, null);
        if (certificate is null)
        {
            return [];
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        using var leaf = X509Certificate2.CreateFromPem(certificate, key);
        // Windows takes no key for TLS that lives in memory only.
        return [X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null), .. chain.Skip(1)];
    }

    private static Func<CancellationToken, Task<AuthenticationHeaderValue?>>? Authorization(
        KubernetesClientConfiguration client)
    {
        if (client.TokenProvider is { } tokens)
        {
            return cancellation => tokens.GetAuthenticationHeaderAsync(cancellation)!;
        }

        if (!string.IsNullOrEmpty(client.AccessToken))
        {
            return _ => Task.FromResult<AuthenticationHeaderValue?>(new("Bearer", client.AccessToken));
        }

        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Username}:{client.Password}"));
        return string.IsNullOrEmpty(client.Username) ? null
            : _ => Task.FromResult<AuthenticationHeaderValue?>(new("Basic", login));
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}

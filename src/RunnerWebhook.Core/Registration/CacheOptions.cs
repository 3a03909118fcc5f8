using static RunnerWebhook.Core.Registration.RegisterOptionKind;

namespace RunnerWebhook.Core.Registration;

/// <summary>The register options of the distributed cache: <c>[runners.cache]</c>.</summary>
internal static class CacheOptions
{
    private const RegisterOptionKind Flag = RegisterOptionKind.Boolean;

    public static IEnumerable<RegisterOption> All() => [.. General(), .. S3(), .. Gcs(), .. Azure()];

    private static RegisterOption[] General() =>
    [
        Cache("type", "", "Type", Word, "Where caches are kept") with { Words = ["s3", "gcs", "azure"] },
        Cache("path", "", "Path", Text, "The folder in the bucket"),
        Cache("shared", "", "Shared", Flag, "Whether runners share it"),
        Cache("max_uploaded_archive_size", "", "MaxUploadedArchiveSize", Number,
            "The greatest archive that is uploaded, in bytes; 0 for any") with
        {
            Variable = "CACHE_MAXIMUM_UPLOADED_ARCHIVE_SIZE",
        },
    ];

    private static RegisterOption[] S3() =>
    [
        Cache("s3-server-address", "s3", "ServerAddress", Text, "The server, as in s3.example.com:9000; unset, Amazon's"),
        Cache("s3-access-key", "s3", "AccessKey", Text, "The access key") with { Secret = true },
        Cache("s3-secret-key", "s3", "SecretKey", Text, "The secret key") with { Secret = true },
        Cache("s3-session-token", "s3", "SessionToken", Text, "The session token of temporary keys") with { Secret = true },
        Cache("s3-bucket-name", "s3", "BucketName", Text, "The bucket"),
        Cache("s3-bucket-location", "s3", "BucketLocation", Text, "The bucket's region"),
        Cache("s3-insecure", "s3", "Insecure", Flag, "Whether the server is reached by http"),
        Cache("s3-authentication_type", "s3", "AuthenticationType", Word, "By what the runner is known to the server") with
        {
            Words = ["access-key", "iam"],
        },
        Cache("s3-server-side-encryption", "s3", "ServerSideEncryption", Word, "How the server encrypts") with
        {
            Words = ["S3", "KMS", "DSSE-KMS"],
        },
        Cache("s3-server-side-encryption-key-id", "s3", "ServerSideEncryptionKeyID", Text, "The key that it encrypts with"),
        Cache("s3-dual-stack", "s3", "DualStack", Flag, "Whether IPv6 addresses are used too"),
        Cache("s3-path-style", "s3", "PathStyle", Flag, "Whether the bucket is part of the path, not of the host name"),
        Cache("s3-accelerate", "s3", "Accelerate", Flag, "Whether Amazon's transfer acceleration is used"),
        Cache("s3-role-arn", "s3", "RoleARN", Text, "The role for transfers"),
        Cache("s3-upload-role-arn", "s3", "UploadRoleARN", Text, "The role for uploads alone"),
        Cache("s3-assume-role-max-concurrency", "s3", "AssumeRoleMaxConcurrency", Number,
            "How many requests for a role are made at once; -1 for any number") with { Min = -1 },
        Cache("s3-disable-assume-role-credentials-caching", "s3", "DisableAssumeRoleCredentialsCaching", Flag,
            "Whether each transfer requests its role again"),
    ];

    private static RegisterOption[] Gcs() =>
    [
        Cache("gcs-access-id", "gcs", "AccessID", Text, "The service account") with { Secret = true },
        Cache("gcs-private-key", "gcs", "PrivateKey", Text, "The service account's key") with { Secret = true, MultiLine = true },
        Cache("gcs-credentials-file", "gcs", "CredentialsFile", Text, "A file with both; a path in the runner container") with
        {
            Variable = "GOOGLE_APPLICATION_CREDENTIALS",
        },
        Cache("gcs-bucket-name", "gcs", "BucketName", Text, "The bucket"),
        Cache("gcs-universe-domain", "gcs", "UniverseDomain", Text, "The cloud's domain; unset, googleapis.com"),
    ];

    private static RegisterOption[] Azure() =>
    [
        Cache("azure-account-name", "azure", "AccountName", Text, "The storage account"),
        Cache("azure-account-key", "azure", "AccountKey", Text, "The storage account's key") with { Secret = true },
        Cache("azure-container-name", "azure", "ContainerName", Text, "The container"),
        Cache("azure-storage-domain", "azure", "StorageDomain", Text, "The storage's domain; unset, blob.core.windows.net"),
    ];

    private static RegisterOption Cache(string name, string section, string key, RegisterOptionKind kind, string meaning) =>
        new("cache-" + name, kind, meaning)
        {
            Key = section.Length > 0 ? $"[runners.cache.{section}] {key}" : $"[runners.cache] {key}",
            Variable = "CACHE_" + RegisterOptions.Upper(name),
        };
}

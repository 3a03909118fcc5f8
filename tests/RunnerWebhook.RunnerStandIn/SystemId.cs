using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace RunnerWebhook.RunnerStandIn;

/// <summary><c>.runner_system_id</c>, beside the configuration, since 15.7.</summary>
internal static partial class SystemId
{
    /// <summary>The id that the folder has, or gets.</summary>
    public static string Of(ConfigFile config)
    {
        if (!RunnerVersion.IsAtLeast(15, 7))
        {
            return "";
        }

        var file = Path.Combine(config.Folder, ".runner_system_id");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is var known && Valid().IsMatch(known))
        {
            return known;
        }

        var id = "r_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 12);
        try
        {
            Directory.CreateDirectory(config.Folder);
            File.WriteAllText(file, id);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!RunnerVersion.IsAtLeast(15, 9))
            {
                throw new FatalException($"loading system ID file: saving system ID state file: {e.Message}");
            }

            Log.Warning($"Couldn't save new system ID on state file: {e.Message}");
        }

        return id;
    }

    [GeneratedRegex("^[sr]_[0-9a-zA-Z]{12}$")]
    private static partial Regex Valid();
}

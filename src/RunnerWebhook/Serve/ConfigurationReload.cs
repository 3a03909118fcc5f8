using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Serve;

/// <summary>Reads the configuration's file, and passes its content on when it is new.</summary>
internal sealed class ConfigurationReload(ServeOptions options, ActiveConfiguration configuration)
{
    private byte[]? _seen;

    /// <summary>Reads the file once. Without a file the built-in configuration is in force.</summary>
    public void Refresh()
    {
        if (options.ConfigFile is not { } file)
        {
            if (configuration.Injector is null)
            {
                configuration.Accept(RunnerConfiguration.BuiltIn);
            }

            return;
        }

        try
        {
            using var stream = InputFile.OpenNow(file);
            var content = ConfigurationFile.ReadBytes(stream);
            if (_seen is null || !content.AsSpan().SequenceEqual(_seen))
            {
                Take(content, file);
                _seen = content;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            configuration.Reject($"{file}: {e.Message}");
            _seen = null;
        }
    }

    private void Take(byte[] content, string file)
    {
        if (ConfigurationFile.Read(content, file, out var mistakes) is { } read)
        {
            configuration.Accept(read);
        }
        else
        {
            configuration.Reject(string.Join('\n', mistakes));
        }
    }
}

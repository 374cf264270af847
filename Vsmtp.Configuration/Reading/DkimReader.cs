using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.dkim]</c> and that of a virtual domain.</summary>
internal static class DkimReader
{
    public static DkimOptions? Read(TableReader dkim)
    {
        dkim.Require("it is mandatory in the table", "private_key");
        var key = dkim.FilePath("private_key", null);
        if (key is not null && PemFile.FaultOfRsaKey(key) is { } fault)
        {
            dkim.Error("private_key", $"names a file that {fault}");
        }

        dkim.Close();
        return key is null ? null : new() { PrivateKey = key };
    }
}

using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.dashboard]</c>.</summary>
internal static class DashboardReader
{
    public static DashboardOptions Read(TableReader dashboard)
    {
        var defaults = new DashboardOptions();
        var options = new DashboardOptions
        {
            Addr = dashboard.Parse("addr", new Address(defaults.Addr), Address.TryParse, SocketAddress.Expected + ", or \"\" for none").Value,
            PasswordFile = dashboard.FilePath("password_file", defaults.PasswordFile),
        };
        if (!dashboard.HasFault && options is { Addr: { } addr, PasswordFile: null } && !IPAddress.IsLoopback(addr.Address))
        {
            dashboard.Error("addr", $"is not a loopback address: {dashboard.NameOf("password_file")} must be given");
        }

        dashboard.Close();
        return options;
    }

    private sealed record Address(IPEndPoint? Value)
    {
        public static bool TryParse(string text, out Address address)
        {
            var isAddress = SocketAddress.TryParse(text, out var value);
            address = new(value);
            return isAddress || text.Length == 0;
        }
    }
}

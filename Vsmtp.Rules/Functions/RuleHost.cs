using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>All that rules see beside the language.</summary>
internal static class RuleHost
{
    /// <summary>What is the same for all rule sets is put together once per process.</summary>
    private static readonly Lazy<ScriptHost> Shared = new(Build);

    public static ScriptHost Create(RuleSetOptions options)
    {
        var configuration = ConfigurationTree.Of(options);
        return Shared.Value.With("toml", configuration).With("cfg", configuration);
    }

    private static ScriptHost Build()
    {
        var host = new ScriptHostBuilder()
            .Objects(new ObjectFactory())
            .Services(new ServiceFactory())
            .Output((call, text) => ((RuleState)call.State!).Write(RuleLogLevel.Info, text))
            .ArrayProperty("local_parts", (_, a) => AddressFunctions.OfMany("local_parts", a[0], RecipientList.LocalParts))
            .ArrayProperty("domains", (_, a) => AddressFunctions.OfMany("domains", a[0], RecipientList.Domains));
        ServiceCalls.Register(host);
        ServiceFunctions.Register(host);
        ApiRegistration.Register(ApiTable.All, host);
        return host.Build();
    }
}

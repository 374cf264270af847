using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>All that rules see beside the language.</summary>
internal static class RuleHost
{
    public static ScriptHost Create(RuleSetOptions options)
    {
        var host = new ScriptHostBuilder()
            .Objects(new ObjectFactory())
            .Services(new ServiceFactory())
            .Output((call, text) => ((RuleState)call.State!).Write(RuleLogLevel.Info, text));
        var api = new RuleApi(host);
        StatusFunctions.Register(host);
        ContextFunctions.Register(api);
        HeaderFunctions.Register(api);
        DelegationFunctions.Register(api);
        EnvelopeFunctions.Register(api);
        AddressFunctions.Register(host);
        TransportFunctions.Register(api);
        RelayFunctions.Register(api);
        UtilityFunctions.Register(host);
        ServiceFunctions.Register(host);
        LaterFunctions.Register(host);
        ReadyMadeObjects.Register(host);
        ConfigurationTree.Register(host, options);
        return host.Build();
    }
}

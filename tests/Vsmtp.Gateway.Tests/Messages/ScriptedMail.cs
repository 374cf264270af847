using System.Reflection;
using Orleans;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Gateway.Tests.Messages;

/// <summary>A mail's grain that answers as a test says; what the test says nothing of is a fault of the test.</summary>
/// <remarks>The runtime derives a class from this one, hence not sealed.</remarks>
public class ScriptedMail : DispatchProxy
{
    private Func<string, object?[], Task<OfferAnswer>> _answer = null!;

    /// <param name="answer">To the method of the name with the arguments.</param>
    public static IGrainFactory Create(Func<string, object?[], Task<OfferAnswer>> answer)
    {
        var mail = Create<IMailGrain, ScriptedMail>();
        ((ScriptedMail)(object)mail)._answer = answer;
        return new Factory(mail);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!.Name, args ?? []);

    private sealed class Factory(IMailGrain mail) : IGrainFactory
    {
        public T GetGrain<T>(string primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithStringKey => (T)mail;

        public T GetGrain<T>(Guid primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithGuidKey => throw new NotSupportedException("Mails have text for keys.");

        public T GetGrain<T>(long primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithIntegerKey => throw new NotSupportedException("Mails have text for keys.");
    }
}

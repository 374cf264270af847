using System.Collections.Immutable;
using Vsmtp.Rules.Functions;
using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Api;

/// <summary>
/// All functions and constants that rules see beside the language: what scripts are bound to and what the reference
/// (docs/vsl-api.md) is written from. Filled once per process, then only read.
/// </summary>
internal sealed class ApiTable
{
    private readonly List<ApiSection> _sections = [];
    private readonly List<ApiFunction> _functions = [];
    private readonly List<ApiConstant> _constants = [];

    /// <summary>The order is that of the reference.</summary>
    public static ApiTable All { get; } = new ApiTable()
        .Fill(HandleFunctions.AddTo).Fill(StatusFunctions.AddTo).Fill(ContextFunctions.AddTo).Fill(AddressFunctions.AddTo)
        .Fill(EnvelopeFunctions.AddTo).Fill(HeaderFunctions.AddTo).Fill(MessageFunctions.AddTo).Fill(TransportFunctions.AddTo)
        .Fill(DelegationFunctions.AddTo).Fill(FileFunctions.AddTo).Fill(UtilityFunctions.AddTo).Fill(DnsFunctions.AddTo)
        .Fill(CredentialFunctions.AddTo).Fill(RelayFunctions.AddTo)
        .Fill(ObjectFunctions.AddTo).Fill(ReadyMadeObjects.AddTo).Fill(ServiceCalls.AddTo).Fill(ServiceFunctions.AddTo)
        .Fill(LaterFunctions.AddTo);

    public IReadOnlyList<ApiSection> Sections => _sections;

    public IReadOnlyList<ApiFunction> Functions => _functions;

    public IReadOnlyList<ApiConstant> Constants => _constants;

    /// <summary>What is added from here on stands in this chapter.</summary>
    public void Section(string title, string text = "") => _sections.Add(new ApiSection(title, text));

    public void Global(ApiDoc doc, HostFunction function, ApiReceivers receivers = ApiReceivers.None) =>
        Add(doc, receivers, f => f with { Sync = function });

    public void GlobalAsync(ApiDoc doc, AsyncHostFunction function) => Add(doc, ApiReceivers.None, f => f with { Async = function });

    public void OnContext(ApiDoc doc, ContextFunction function) => On(ApiReceivers.Context, doc, function);

    public void OnMessage(ApiDoc doc, ContextFunction function) => On(ApiReceivers.Message, doc, function);

    public void On(ApiReceivers receivers, ApiDoc doc, ContextFunction function) => Add(doc, receivers, f => f with
    {
        Sync = (call, arguments) => call.State is StageState state ? Charge(call, function(state, arguments)) : NoTransaction(f.Name),
    });

    public void OnPaying(ApiReceivers receivers, ApiDoc doc, PayingFunction function) => Add(doc, receivers, f => f with
    {
        Sync = (call, arguments) => call.State is StageState state ? function(state, call, arguments) : NoTransaction(f.Name),
    });

    public void OnAsync(ApiReceivers receivers, ApiDoc doc, AsyncContextFunction function) => Add(doc, receivers, f => f with
    {
        Async = (call, arguments) => call.State is StageState state ? function(state, call, arguments) : new(NoTransaction(f.Name)),
    });

    /// <summary>A method of values of one type; the receiver is the first argument and not in the signature.</summary>
    public void Method<T>(string receiver, ApiDoc doc, HostFunction function)
        where T : HostObject =>
        Add(doc, ApiReceivers.None, f => f with { Sync = function, ReceiverType = typeof(T), ReceiverWord = receiver });

    /// <inheritdoc cref="Method{T}"/>
    public void MethodAsync<T>(string receiver, ApiDoc doc, AsyncHostFunction function)
        where T : HostObject =>
        Add(doc, ApiReceivers.None, f => f with { Async = function, ReceiverType = typeof(T), ReceiverWord = receiver });

    /// <summary>A function that is known by name, and an error when it is called.</summary>
    public void Later(string part, ApiDoc doc, ApiReceivers receivers = ApiReceivers.None)
    {
        var message = $"`{ApiSignature.Parse(doc.Signature).Name}` is built later, with {part}";
        Add(doc, receivers, f => f with { Later = part, Sync = (_, _) => Completion.Error(message) });
    }

    public void Constant(string? name, ImmutableArray<string> newer, Value value) =>
        _constants.Add(new ApiConstant(_sections[^1], name, newer, value));

    private void Add(ApiDoc doc, ApiReceivers receivers, Func<ApiFunction, ApiFunction> complete) =>
        _functions.Add(complete(new ApiFunction(_sections[^1], ApiSignature.Parse(doc.Signature), doc, receivers)));

    private ApiTable Fill(Action<ApiTable> add)
    {
        add(this);
        return this;
    }

    private static Completion NoTransaction(string name) =>
        Completion.Error($"`{name}` needs a transaction, and there is none while the rules are loaded");

    /// <summary>What a script takes out of the transaction counts as its own memory.</summary>
    private static Completion Charge(HostCall call, in Completion result) =>
        call.TryCharge(SizeOf(result.Value)) ? result : call.SpentBudget;

    private static long SizeOf(in Value value) => value.Kind switch
    {
        ValueKind.String => value.AsString().Length * sizeof(char),
        ValueKind.Array => value.AsArray().Sum(item => SizeOf(item)),
        ValueKind.Map => value.AsMap().Sum(entry => entry.Key.Length * sizeof(char) + SizeOf(entry.Value)),
        ValueKind.Host => IntPtr.Size + (value.AsHost().Items?.Sum(item => SizeOf(item)) ?? 0),
        _ => 0,
    };
}

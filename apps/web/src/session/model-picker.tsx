import { type GenerationParams, type ModelInfo, type ThinkingLevel, thinkingLevels } from '@reeve/protocol';
import { useModels } from '../api/models.ts';
import { phraseIn } from '../lib/gateway-texts.ts';
import { t } from '../lib/i18n.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';

export interface ModelChoice {
  model: string | null;
  params: GenerationParams | null;
}

const trigger =
  'flex h-8 min-w-0 items-center gap-1.5 rounded-lg px-2 text-sm text-soft transition-colors hover:bg-hover hover:text-ink';

/** Which model answers, and how much it thinks. */
export const ModelPicker = ({
  choice,
  onChange,
}: {
  choice: ModelChoice;
  onChange: (choice: ModelChoice) => void;
}) => {
  const data = useModels();
  const models = data?.models ?? [];
  const chosen = choice.model ?? data?.default ?? '';
  const info = models.find(({ id }) => id === chosen);
  const texts = useGatewayTexts();
  const modelName = phraseIn(texts, info?.name ?? chosen);
  const thinking = choice.params?.thinking ?? null;
  const setThinking = (level: ThinkingLevel | null) => {
    const { thinking: _before, ...rest } = choice.params ?? {};
    const params = level === null ? rest : { ...rest, thinking: level };
    onChange({ ...choice, params: Object.keys(params).length === 0 ? null : params });
  };
  return (
    <>
      <Menu
        label={`${t('model.choose')}: ${modelName}`}
        isAbove
        className={trigger}
        trigger={
          <>
            <span className="max-w-40 truncate sm:max-w-60">{modelName}</span>
            <Icon name="down" size={14} />
          </>
        }
        groups={[
          {
            title: '',
            items: [
              {
                label: t('model.default'),
                ...(data && { detail: data.default }),
                isChecked: choice.model === null,
                onSelect: () => onChange({ ...choice, model: null }),
              },
            ],
          },
          ...groupsOf(
            models.map((model) => ({ ...model, name: phraseIn(texts, model.name) })),
            choice.model,
            (model) => onChange({ ...choice, model }),
          ),
        ]}
      />
      {info?.supportsThinking && (
        <Menu
          label={`${t('thinking.choose')}: ${thinking === null ? t('thinking.auto') : t(`thinking.${thinking}`)}`}
          isAbove
          className={trigger}
          trigger={
            <>
              <Icon name="spark" size={16} />
              <span className="hidden sm:inline">
                {thinking === null ? t('thinking.auto') : t(`thinking.${thinking}`)}
              </span>
            </>
          }
          items={[null, ...thinkingLevels].map((level) => ({
            label: level === null ? t('thinking.auto') : t(`thinking.${level}`),
            isChecked: thinking === level,
            onSelect: () => setThinking(level),
          }))}
        />
      )}
    </>
  );
};

const groupsOf = (models: readonly ModelInfo[], chosen: string | null, onSelect: (id: string) => void) => {
  const groups = new Map<string, MenuItem[]>();
  for (const model of models) {
    const items = groups.get(model.provider) ?? [];
    groups.set(model.provider, items);
    items.push({
      label: model.name,
      detail: detailOf(model),
      isChecked: model.id === chosen,
      onSelect: () => onSelect(model.id),
    });
  }
  return [...groups].map(([title, items]) => ({ title, items }));
};

const detailOf = ({ isLanguageModel, contextTokens, supportsImages, price }: ModelInfo): string =>
  [
    ...(isLanguageModel
      ? [t('model.context', { count: Math.round(contextTokens / 1000) })]
      : [t('model.rules')]),
    ...(supportsImages ? [t('model.sees')] : []),
    ...(price ? [t('model.price', { input: price.input, output: price.output })] : []),
  ].join(' · ');
